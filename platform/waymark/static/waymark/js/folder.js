// A folder of this computer, packed into one zip archive: browsers send names of files without their paths,
// and a server takes only so many files at once. Stored, not deflated: nothing to load, nothing to wait for.
const section = document.querySelector("[data-folder]");
const form = section?.querySelector("form");
const input = form?.querySelector("input[type=file]");

if (input && "webkitdirectory" in input) {
  section.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...input.files].filter((file) => isWanted(file.webkitRelativePath));
    const state = form.querySelector("[role=status]");
    if (!files.length) {
      state.textContent = form.dataset.nothing;
      return;
    }
    state.textContent = form.dataset.working;
    const name = files[0].webkitRelativePath.split("/")[0];
    const given = new DataTransfer();
    given.items.add(new File(await packed(files), name, { type: "application/zip" }));
    const sent = Object.assign(document.createElement("input"), { type: "file", hidden: true, files: given.files });
    sent.name = form.dataset.field;
    form.append(sent);
    form.submit();
  });
}

// The folder itself may be called anything; what begins with a dot below it is no source, but for what is kept beside.
function isWanted(path) {
  const below = path.split("/").slice(1);
  return below.every((part) => !part.startsWith(".") || part === ".waymark" || part === ".gitignore");
}

async function packed(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const file of files) {
    const name = new TextEncoder().encode(file.webkitRelativePath.split("/").slice(1).join("/"));
    const data = new Uint8Array(await file.arrayBuffer());
    // Version, names in UTF-8, stored, no time, then sum, sizes and the length of the name.
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [sum(data), 4], [data.length, 4], [data.length, 4], [name.length, 2], [0, 2]];
    const head = record([[0x04034b50, 4], ...common]);
    directory.push(record([[0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), name);
    parts.push(head, name, data);
    offset += head.length + name.length + data.length;
  }
  const length = directory.reduce((total, part) => total + part.length, 0);
  const end = [[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [length, 4], [offset, 4], [0, 2]];
  return [...parts, ...directory, record(end)];
}

function record(fields) {
  const bytes = new Uint8Array(fields.reduce((total, [, size]) => total + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function sum(data) {
  let value = 0xffffffff;
  for (const byte of data) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
