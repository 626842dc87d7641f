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
Redoc.init("/v1/openapi.json", { labels }, document.getElementById("redoc"));
