// openpgp.js as the submitters' client needs it: it encrypts to certificates, and drafts with a password; it decrypts
// drafts and replies.
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, "node_modules/openpgp/dist/lightweight");

/** Chunks of openpgp.js that decrypting or old keys need, and encrypting to the recipients that we accept does not. */
export const UNUSED_CHUNKS = ["argon2id", "legacy_ciphers", "unbzip2-stream"];
/** What X448 and Ed448 need: a seventh of all that a browser has to load, and few certificates have them. */
export const RARE_CHUNKS = ["noble_curves"];

/** X25519 and Ed25519 for browsers whose own cryptography lacks them, as a script to run before the client. */
export const NACL = `import nacl from ${JSON.stringify(`./${relative(ROOT, join(FOLDER, "nacl-fast.mjs"))}`)};
globalThis.posternNacl = nacl;`;
const NACL_STUB = `if (globalThis.posternNacl === undefined) throw new Error("this browser lacks Curve25519");
export default globalThis.posternNacl;`;

/** What the submitters' client never calls, by file and by what it is for. A name with a dot is a method. */
const OMITTED = {
  "openpgp.mjs": {
    "secret keys": [
      ...methods("SecretKeyPacket", "read write encrypt decrypt validate generate clearPrivateParams makeDummy"),
      ...methods("SecretKeyPacket", "isDecrypted isMissingSecretKeyMaterial isDummy"),
      ...methods("PrivateKey", "toPublic armor getDecryptionKeys isDecrypted validate clearPrivateParams revoke"),
      ...methods("PrivateKey", "addSubkey"),
      ...methods("PublicKeyEncryptedSessionKeyPacket", "read decrypt"),
      ...methods("ECDHSymmetricKey", "read"),
      ...methods("ECDHXSymmetricKey", "read"),
      ...methods("CurveWithOID", "genKeyPair"),
      ...names("produceEncryptionKey parsePrivateKeyParams generateParams validateParams publicKeyDecrypt"),
      ...names("generateSecretSubkey generateSecretKey sanitizeKeyOptions getDefaultSubkeyType wrapKeyObject"),
      ...names("parseEncSessionKeyParams decodeSessionKey validateDecryptionKeyPacket"),
      ...names("generate$1 generate$2 generate$3 generate$4 jsGenKeyPair webGenKeyPair validateStandardParams"),
      ...names("validateParams$1 validateParams$2 validateParams$3 validateParams$4 validateParams$5"),
      ...names("validateParams$6 validateParams$7 validateParams$8"),
      ...names("decrypt$2 decrypt$3 decrypt$6 bnDecrypt emeDecode unwrap recomputeSharedSecret decode"),
      ...names("genPrivateEphemeralKey jsPrivateEphemeralKey webPrivateEphemeralKey"),
      ...names("privateToJWK privateToJWK$1 privateKeyToJWK jwkToPrivate"),
      ...names("randomProbablePrime isProbablePrime millerRabin fermat divisionTest smallPrimes"),
    ],
    "making signatures": [
      ...names("sign$1 sign$2 sign$3 sign$4 sign$5 sign$6 bnSign webSign webSign$1"),
      ...names("createBindingSignature createSignaturePacket createSignaturePackets validateSigningKeyPacket"),
      ...names("getPreferredHashAlgo getPreferredCurveHashAlgo getPreferredHashAlgo$1"),
      ...methods("SignaturePacket", "sign"),
      ...methods("Message", "sign signDetached appendSignature armor getSigningKeyIDs verifyDetached getText"),
      ...methods("Message", "generateSessionKey getEncryptionKeyIDs"),
      ...methods("User", "certify revoke clone update verify verifyCertificate verifyAllCertifications toPacketList"),
      ...methods("Subkey", "revoke update clone toPacketList"),
      ...methods("Key", "update applyRevocationCertificate getRevocationCertificate signPrimaryUser signAllUsers"),
      ...methods("Key", "getSigningKey clone toPacketList verifyPrimaryUser verifyAllUsers"),
      ...methods("PublicKey", "armor"),
      ...names("mergeSignatures"),
    ],
    "signed messages": [
      ...methods("OnePassSignaturePacket", "read write verify calculateTrailer fromSignaturePacket"),
      ...names("createVerificationObject"),
    ],
    // DSA, Elgamal, and AEAD modes other than OCB and GCM of WebCrypto.
    "algorithms that no recipient has": [
      ...names("verify$2 encrypt$5 decrypt$5 EAX CTR OMAC CMAC CBC gcm ctr ghash getLegacyCipher"),
      ...methods("AEADEncryptedDataPacket", "read write encrypt decrypt"),
      ...methods("SymmetricallyEncryptedDataPacket", "read write encrypt decrypt"),
      ...methods("Argon2S2K", "produceKey read write"),
    ],
    "what we neither write nor accept": [
      ...methods("CompressedDataPacket", "compress write"),
      ...names("getPreferredCipherSuite"),
      ...names("compress_fns"),
    ],
    "Node instead of a browser": [
      ...names("nodeSign nodeSign$1 nodeVerify nodeVerify$1 nodeEncrypt nodeEncrypt$1 nodeDecrypt"),
      ...names("nodeDecrypt$1 nodePublicEphemeralKey nodePrivateEphemeralKey nodeGenKeyPair"),
    ],
  },
  // WebCrypto has SHA-2 with 256 bits and more.
  "sha512.mjs": { "hashes of WebCrypto": names("sha384$1 sha512$1") },
  "noble_hashes.mjs": { "hashes that no certificate may have": names("ripemd160$1 md5 K") },
};

/**
 * Statements without a name, and what stands in their place: fflate, from its first comment to its last line, since
 * browsers decompress by themselves; and a MAC for AES-SIV.
 */
const OMITTED_PLACES = [
  [/^\/\/ DEFLATE is a complex format[\s\S]*?^ {4}tds = 1;\n\}\ncatch \(e\) \{ \}$/m, "var Inflate, Unzlib;"],
  [/^wrapConstructorWithKey\(.*Polyval.*$/m, ""],
];

/** An esbuild plugin: openpgp.js for browsers without `chunks`, and for `submitters` without {@link OMITTED}. */
export const openpgpFor = ({ chunks, submitters }) => ({
  name: "openpgp",
  setup({ onLoad, onResolve }) {
    // Its readable form: the minified one cannot be tree-shaken.
    const path = realpathSync(join(FOLDER, "openpgp.mjs"));
    onResolve({ filter: /^openpgp$/ }, () => ({ path }));
    const replace = (names, contents) =>
      onLoad({ filter: new RegExp(`/lightweight/(?:${names.join("|")})\\.mjs$`) }, () => ({ contents, loader: "js" }));
    if (chunks.length > 0) replace(chunks, "throw new Error('not in this build');");
    if (!submitters) return;
    replace(["nacl-fast"], NACL_STUB);
    // The rare curves are made of the hashes that others do without.
    const cutFiles = RARE_CHUNKS.every((name) => chunks.includes(name)) ? Object.keys(OMITTED) : ["openpgp.mjs"];
    onLoad({ filter: new RegExp(`/lightweight/(?:${cutFiles.join("|")})$`) }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const omitted = Object.values(OMITTED[basename(path)]).flat();
      const places = path.endsWith("/openpgp.mjs") ? OMITTED_PLACES : [];
      return {
        contents: omitted.reduce(
          without,
          places.reduce((rest, [place, stub]) => cut(rest, place, stub), source),
        ),
        loader: "js",
      };
    });
  },
});

/**
 * `source` without what `name` names: a function or constant becomes one that throws when it is called, a method goes.
 * The library's bundler lays it out so that what begins at a column ends with a closing line at that column.
 */
function without(source, name) {
  const [owner, method] = name.replaceAll("$", "\\$").split(".");
  if (method !== undefined) {
    const type = new RegExp(`^class ${owner} [\\s\\S]*?^\\}$`, "m");
    const pattern = new RegExp(`^ {4}(?:static )?(?:async )?${method}\\([\\s\\S]*?^ {4}\\}\\n`, "m");
    return source.replace(once(source, type), (whole) => cut(whole, pattern));
  }
  const stub = `function ${name}() { throw new Error("this build has no ${name}"); }`;
  const made = new RegExp(`^(?:async )?function ${owner}\\([\\s\\S]*?^\\}$`, "m");
  const set = new RegExp(`^const ${owner} = (?:.*;$|[\\s\\S]*?^\\S.*;$)`, "m");
  return cut(source, made.test(source) ? made : set, stub);
}

/** `source` with the one place that matches `pattern` replaced. */
function cut(source, pattern, stub = "") {
  return source.replace(once(source, pattern), () => stub);
}

/** @throws Error unless `pattern` matches once: this version of openpgp.js is another than the list was made for */
function once(source, pattern) {
  const { length } = source.match(new RegExp(pattern, "gm")) ?? [];
  if (length !== 1) throw new Error(`openpgp.js has ${length ?? 0} places like ${pattern}`);
  return pattern;
}

function names(list) {
  return list.split(" ");
}

function methods(type, list) {
  return names(list).map((name) => `${type}.${name}`);
}
