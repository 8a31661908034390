/* What html-validate asks of every page. Each rule that is off has its reason. */
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // Tables become cards on a phone; `display: grid` takes a row's meaning away in browsers, and its role gives it back.
    "no-redundant-role": "off",
    // Style and scripts lie beside the page, under names that carry their hash; there is no other host to distrust.
    "require-sri": "off",
    // Lower case is as valid, and the theme writes it.
    "doctype-style": "off",
    // A title holds the name of a body, and some names alone are longer.
    "long-title": "off",
  },
};
