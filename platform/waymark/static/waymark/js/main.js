// Loaded on every page. Each part works alone and adds to markup that is complete without it.
import "./theme.js";
import "./menus.js";
import "./toasts.js";
import "./keys.js";
import "./requests.js";
import "./zone.js";
