// Places a referral, reads it again, lists what the receiving municipality sees, and is refused twice.
// Needed: the generated types (see README.md), and in the environment VERWIJSROUTE_URL with two keys,
// VERWIJSROUTE_SCHOOL_KEY and VERWIJSROUTE_TEAM_KEY.

import { isDeepStrictEqual } from "node:util";
import createClient, { type Client } from "openapi-fetch";
import type { HandoverStatus, HandoverSummary, paths, Problem, ReferralRequest } from "./verwijsroute.js";

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

// The answer; throws Refused for a problem.
function accepted<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.error) throw new Refused(answer.error);
  return answer.data!;
}

// A fictional student, the day before the 18th birthday.
function example(): ReferralRequest {
  return {
    sourceReference: `example-${crypto.randomUUID()}`,
    referenceDate: "2026-05-14",
    student: { firstNames: "Sanne", surname: "Voorbeeld", birthDate: "2008-05-15" },
    homeMunicipality: "Kampen",
    residence: { status: "registered" },
    school: { brin: "00ZZ" },
    problemDomains: ["mental_health"],
    supportVariant: "own_neighbourhood",
    // null: established as none. What is left out, such as `homeless`, was not told.
    circumstances: { youthHelp: null, enrolment: "bol" },
    consents: [{ givenBy: "student", givenOn: "2026-05-13", purpose: "referral", recipients: "all" }],
    referrer: { name: "M. Voorbeeld" },
  };
}

// The handovers that the key may see, page after page: each answer's header Link leads to the next.
async function* allHandovers(client: Client<paths>, status: HandoverStatus): AsyncGenerator<HandoverSummary> {
  let query: { status: HandoverStatus; limit: number; cursor?: string } = { status, limit: 20 };
  for (;;) {
    const page = await client.GET("/handovers", { params: { query } });
    yield* accepted(page).items;
    const cursor = /[?&]cursor=([\w-]+)/.exec(page.response.headers.get("Link") ?? "")?.[1];
    if (!cursor) return;
    query = { ...query, cursor };
  }
}

async function refusal(call: Promise<{ data?: unknown; error?: Problem }>): Promise<Problem> {
  try {
    accepted(await call);
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error("this should have been refused");
}

const baseUrl = `${process.env["VERWIJSROUTE_URL"]}/v1`;
const clientOf = (key: string) =>
  createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${process.env[key]}` } });
const school = clientOf("VERWIJSROUTE_SCHOOL_KEY");
const team = clientOf("VERWIJSROUTE_TEAM_KEY");

const body = example();
const answer = await school.POST("/referrals", { body });
const placed = accepted(answer);
// Only what was erased has no decision.
const route = placed.decision?.routes[0];
console.log(answer.response.status, placed.status, route?.provision, route?.legalFramework);
if (answer.response.headers.get("Location") !== `/v1/referrals/${placed.id}`) throw new Error("Location");

const again = accepted(await school.GET("/referrals/{id}", { params: { path: { id: placed.id } } }));
console.log("read again:", isDeepStrictEqual(again, placed) ? "the same" : "different");

for await (const handover of allHandovers(team, "offered")) {
  if (handover.referralId === placed.id) {
    console.log("handover:", handover.status, handover.team?.name ?? "access desk");
  }
}

const taken = await refusal(school.POST("/referrals", { body: { ...body, problemDomains: ["debts"] } }));
console.log(taken.status, taken.type);

const wrong = await refusal(school.POST("/referrals", { body: { ...body, homeMunicipality: "Nergenshuizen" } }));
console.log(wrong.status, wrong.type);
for (const fault of wrong.errors ?? []) console.log(" ", fault.in, fault.location, fault.code);
