/** Value of a cookie that scripts may read, or an empty string. */
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Keep a value for a year, for the whole site. */
export function keep(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax${secure}`;
}

/** The token that proves a request comes from a page of ours; production gives the cookie its safer name. */
export function token() {
  return cookie("__Host-csrftoken") || cookie("csrftoken");
}
