// The Debian packages: the portal with everything, the offline machine's side, and the relay alone.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deb, gzip } from "./archives.mjs";
import { commandsOf, completion, manualPage } from "./usage.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (path) => readFileSync(join(root, path));
const text = (path) => read(path).toString("utf8");

/** Enabled and started with the package, and what an operator enables. */
const STARTED = ["postern.service", "postern-prune.timer", "postern-doctor.timer"];
const OPTIONAL = ["postern-mail.service", "postern-verify.timer"];
const TIMED = ["postern-prune.service", "postern-doctor.service", "postern-verify.service"];

const SCRIPT = 0o755;
const SHEBANG = Buffer.from("#!");

const HELD = " Of it openpgp.js is under the LGPL, version 3 or later: /usr/share/common-licenses/LGPL-3.\n";

const PACKAGES = {
  postern: {
    synopsis: "encrypted submission portal",
    description: [
      "People at risk write appeals and attach documents in a form that encrypts in",
      "the browser. The server stores OpenPGP ciphertext only; staff decrypt it on a",
      "machine without a network. This package is the portal, letters by email,",
      "staff's pages, and every command.",
    ],
    depends: "adduser, nodejs (>= 20.19)",
    suggests: "caddy | nginx, gnupg, tor (>= 0.4.8)",
    other: "postern-desk",
    files: serverFiles,
    scripts: ["preinst", "postinst", "prerm", "postrm"],
    manual: [
      ["/etc/postern/postern.env", "the settings; postern loads them where it may read them"],
      ["/etc/postern/keys/", "the recipients' certificates"],
      ["/var/lib/postern/", "what is stored"],
    ],
    held: HELD,
  },
  "postern-desk": {
    synopsis: "offline desk of the encrypted submission portal Postern",
    description: [
      "Opens, indexes and answers submissions on a machine without a network, by",
      "commands or in a browser with desk.html. It makes and checks keys. Nothing of",
      "the server is in it.",
    ],
    depends: "nodejs (>= 20.19)",
    suggests: "gnupg, firefox-esr | chromium",
    recommends: "xdg-utils",
    other: "postern",
    files: deskFiles,
    scripts: [],
    manual: [["/usr/share/postern-desk/desk.html", "the workbench for a browser"]],
    held: HELD,
  },
  "postern-relay": {
    synopsis: "relay to an encrypted submission portal elsewhere",
    description: [
      "Passes encrypted letters on to one Postern portal, and encrypted replies back,",
      "for people whose network blocks the portal. It can read nothing, keeps nothing",
      "and reaches nothing else. It waits until /etc/postern-relay.env names a portal.",
    ],
    depends: "nodejs (>= 20.19)",
    suggests: "caddy | nginx, tor",
    files: relayFiles,
    scripts: ["postinst", "prerm", "postrm"],
    configuration: ["etc/postern-relay.env"],
    held: "",
  },
};

/**
 * @param name of the package
 * @param bundle its program, by path
 * @param release version, day of it, and the texts that go with every copy
 * @returns {Promise<{ contents: Buffer, control: string }>} the package, and its description as apt lists it
 */
export async function debianPackage(name, bundle, { version, date, notices }) {
  const { manual, files, scripts, configuration = [], held } = PACKAGES[name];
  const data = new Map();
  const add = (path, contents, mode) => data.set(path, { contents: Buffer.from(contents), mode });
  for (const [path, contents] of bundle)
    add(`usr/share/${name}/${path}`, contents, contents.subarray(0, 2).equals(SHEBANG) ? SCRIPT : undefined);
  if (manual !== undefined) {
    const commands = await commandsOf(name === "postern-desk");
    add("usr/bin/postern", read(`scripts/release/debian/${name}/postern.sh`), SCRIPT);
    add("usr/share/man/man1/postern.1.gz", gzip(manualPage(commands, { version, date, files: manual })));
    add("usr/share/bash-completion/completions/postern", completion(commands));
  }
  add(`usr/share/doc/${name}/changelog.gz`, gzip(changelog(name, version, date)));
  add(`usr/share/doc/${name}/copyright`, copyright(held));
  add(`usr/share/doc/${name}/licences.txt.gz`, gzip(notices));
  files(add);
  const described = controlFile(name, version, data);
  const control = new Map([
    ["control", { contents: Buffer.from(described) }],
    ["md5sums", { contents: Buffer.from(sums([...data].filter(([path]) => !configuration.includes(path)))) }],
    ...(configuration.length === 0
      ? []
      : [["conffiles", { contents: Buffer.from(configuration.map((path) => `/${path}\n`).join("")) }]]),
    ...scripts.map((script) => [script, { contents: Buffer.from(maintainerScript(name, script)), mode: SCRIPT }]),
  ]);
  return { contents: await deb(control, data, date), control: described };
}

function serverFiles(add) {
  for (const unit of [...STARTED, ...OPTIONAL, ...TIMED])
    add(`usr/lib/systemd/system/${unit}`, installed(text(`deploy/${unit}`)));
  add("usr/lib/tmpfiles.d/postern.conf", read("deploy/postern-tmpfiles.conf"));
  add("usr/share/postern/postern.env.example", read("deploy/postern.env.example"));
  for (const name of [
    "Caddyfile",
    "nginx.conf",
    "postern-notify.conf",
    "postern-onion.conf",
    "postern-pickup.conf",
    "postern-s3.conf",
    "postern.nft",
    "torrc",
    "torrc-pickup",
  ]) {
    add(`usr/share/doc/postern/examples/${name}`, read(`deploy/${name}`));
  }
  for (const name of ["OPERATIONS", "CONFIGURATION", "STAFF", "STAFF.uk", "FORMS", "VERIFY"]) {
    add(`usr/share/doc/postern/${name}.md.gz`, gzip(read(`docs/${name}.md`)));
  }
}

function deskFiles(add) {
  add("usr/share/postern-desk/desk.html", read("dist/desk.html"));
  add("usr/bin/postern-desk", read("scripts/release/debian/postern-desk/postern-desk.sh"), SCRIPT);
  add("usr/share/applications/postern-desk.desktop", read("scripts/release/debian/postern-desk/postern-desk.desktop"));
  add("usr/share/icons/hicolor/scalable/apps/postern-desk.svg", read("public/icon.svg"));
  add("usr/share/man/man1/postern-desk.1.gz", gzip(text("scripts/release/debian/postern-desk/postern-desk.1")));
  for (const name of ["STAFF", "STAFF.uk"])
    add(`usr/share/doc/postern-desk/${name}.md.gz`, gzip(read(`docs/${name}.md`)));
}

function relayFiles(add) {
  const folder = "scripts/release/debian/postern-relay";
  const unit = installed(text("deploy/postern-relay.service"))
    .replace("man:postern(1)", "man:postern-relay(1)")
    .replace("/usr/share/postern/dist/cli/main.js relay", "/usr/share/postern-relay/dist/cli/relay-main.js");
  add("usr/lib/systemd/system/postern-relay.service", unit);
  add("etc/postern-relay.env", read("deploy/postern-relay.env.example"));
  add("usr/bin/postern-relay", read(`${folder}/postern-relay.sh`), SCRIPT);
  add("usr/share/man/man1/postern-relay.1.gz", gzip(text(`${folder}/postern-relay.1`)));
  add("usr/share/doc/postern-relay/RELAY.md.gz", gzip(read("docs/RELAY.md")));
}

/** A unit as the package has it: deploy/ has the places of an installation by hand. */
const installed = (unit) =>
  unit
    .replace(/^# \/etc\/systemd\/system\/.*\n/, "")
    .replaceAll(/^Documentation=.*$/gm, "Documentation=man:postern(1)")
    .replaceAll("/opt/postern", "/usr/share/postern");

const maintainerScript = (name, script) =>
  text(`scripts/release/debian/${name}/${script}`)
    .replaceAll("@STARTED@", STARTED.join(" "))
    .replaceAll("@OPTIONAL@", OPTIONAL.join(" "));

function controlFile(name, version, data) {
  const { synopsis, description, depends, recommends, suggests, other } = PACKAGES[name];
  const kibibytes = [...data.values()].reduce((sum, { contents }) => sum + Math.ceil(contents.length / 1024), 0);
  const fields = {
    Package: name,
    Version: version,
    Architecture: "all",
    Maintainer: "The Postern authors <postern@example.org>",
    "Installed-Size": kibibytes,
    Depends: depends,
    Recommends: recommends,
    Suggests: suggests,
    Conflicts: other,
    Replaces: other,
    Section: "web",
    Priority: "optional",
    Description: [synopsis, ...description].join("\n "),
  };
  const lines = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}\n`]));
  return lines.join("");
}

const sums = (data) =>
  data.map(([path, { contents }]) => `${createHash("md5").update(contents).digest("hex")}  ${path}\n`).join("");

function changelog(name, version, date) {
  const day = date.toUTCString().replace("GMT", "+0000");
  return `${name} (${version}) unstable; urgency=medium\n
  * See CHANGELOG.md of this version.\n
 -- The Postern authors <postern@example.org>  ${day}\n`;
}

function copyright(held) {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Postern
Comment: What the program holds of others, each with its licence, is in licences.txt.gz beside this file.
${held}
Files: *
Copyright: 2026 The Postern authors
License: AGPL-3.0+
${text("LICENSE")
  .trim()
  .split("\n")
  .map((line) => (line.trim() === "" ? " ." : ` ${line}`))
  .join("\n")}
`;
}
