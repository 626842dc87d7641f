// Shows the OpenAPI document of this server, with Dutch labels; nothing is fetched from elsewhere.
const labels = {
  enum: "Waarden",
  enumSingleValue: "Waarde",
  enumArray: "Elk onderdeel",
  default: "Standaard",
  deprecated: "Vervalt",
  example: "Voorbeeld",
  examples: "Voorbeelden",
  recursive: "Herhaalt zich",
  arrayOf: "Lijst van ",
  const: "Waarde",
  noResultsFound: "Niets gevonden",
  download: "Ophalen",
  downloadSpecification: "Het OpenAPI-document",
  responses: "Antwoorden",
  callbackResponses: "Antwoorden",
  requestSamples: "Voorbeeld van een verzoek",
  responseSamples: "Voorbeeld van een antwoord",
};

// What Redoc has no option for: its search field is in English, and its menu names tags by their technical name.
function repair() {
  const search = document.querySelector('input[placeholder="Search..."]');
  search.placeholder = "Zoeken";
  search.setAttribute("aria-label", "Zoeken in de documentatie");
  for (const label of document.querySelectorAll("[role=menuitem] > label[aria-label], li[role=menuitem][aria-label]")) {
    label.removeAttribute("aria-label");
  }
  letKeysScroll();
  new MutationObserver(letKeysScroll).observe(place, { childList: true, subtree: true });
}

// A long line in a sample is scrolled to its end; samples that are chosen later are made then.
function letKeysScroll() {
  for (const sample of place.querySelectorAll("pre:not([tabindex])")) sample.tabIndex = 0;
}

const place = document.getElementById("redoc");
const options = { labels, hideSchemaPattern: true };
Redoc.init("/v1/openapi.json", options, place, repair);
