// Draws the API reference from our own description of it.  A file of its own, because the
// site's policy allows no script in the page.
(() => {
  const place = document.getElementById("reference");
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/);
  SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token) request.headers["X-CSRFToken"] = token[1];
      return request;
    },
  });
})();
