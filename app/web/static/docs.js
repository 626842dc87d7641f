// Shows the OpenAPI document of this server; nothing is fetched from elsewhere.
Redoc.init("/v1/openapi.json", { hideDownloadButton: false, disableSearch: false }, document.getElementById("redoc"));
