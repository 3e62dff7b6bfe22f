// Suggests the browser's time zone where a person has not chosen one yet; without a script they choose it.
const field = document.querySelector("select[data-own-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (field && [...field.options].some((option) => option.value === zone)) field.value = zone;
