/** A danger in a document that its first bytes or its name reveal. */
export type Warning = "mismatch" | "program" | "macros" | "markup" | "archive";

export interface DocumentKind {
  /** Media type detected from the content, or null. */
  readonly type: string | null;
  readonly warnings: readonly Warning[];
}

/** Media types that browsers draw without running scripts. */
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const PROGRAMS =
  /\.(?:exe|scr|com|pif|dll|xll|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|msc|lnk|url|scf|msix?|appx|jar|app|appimage|apk|deb|rpm|sh|run|command|py|pl|desktop|reg|cpl|iso|img|vhdx?)$/i;
const MACROS =
  /\.(?:docm|dotm|xlsm|xlsb|xltm|xlam|pptm|potm|ppam|ppsm|sldm|doc|dot|xls|xlt|xla|ppt|pot|pps|pub|mdb|accdb|slk|one|rtf)$/i;
/** Types of office files that may hold macros, whatever their names. */
const MACRO_TYPES = /^application\/(?:x-cfb|rtf|vnd\.ms-\w+\.\w+\.macroenabled(?:\.12|template)?)/i;
const MARKUP = /\.(?:html?|xhtml|mht|mhtml|svg|xml|chm)$/i;
const ARCHIVES = /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|cab|ace)$/i;
const PROGRAM_TYPES =
  /^application\/(?:x-msdownload|x-elf|x-mach-binary|vnd\.android\.package-archive|x-ms-shortcut|java-vm|x-iso9660-image)$/;
const ARCHIVE_TYPES =
  /^application\/(?:zip|x-rar-compressed|x-7z-compressed|x-tar|gzip|x-bzip2|x-xz|vnd\.ms-cab-compressed)$/;
/** File name extensions, and the media types that they truthfully name. */
const CLAIMS: readonly (readonly [RegExp, RegExp])[] = [
  [/\.jpe?g$/i, /^image\/jpeg$/],
  [/\.png$/i, /^image\/png$/],
  [/\.gif$/i, /^image\/gif$/],
  [/\.webp$/i, /^image\/webp$/],
  [/\.(?:heic|heif)$/i, /^image\/hei[cf]/],
  [/\.tiff?$/i, /^image\/tiff$/],
  [/\.pdf$/i, /^application\/pdf$/],
  [/\.(?:docx|xlsx|pptx)$/i, /^application\/vnd\.openxmlformats/],
  [/\.(?:odt|ods|odp)$/i, /^application\/vnd\.oasis\.opendocument/],
  [/\.(?:mp4|mov|m4a)$/i, /^(?:video|audio)\//],
  [/\.mp3$/i, /^audio\/mpeg$/],
];

/**
 * Assesses a document by its content, and by its name where the content does not tell.
 * @param head the first bytes
 * @param type media type detected from the content, or null
 */
export function documentKind(head: Uint8Array, type: string | null, name: string): DocumentKind {
  // The decoder drops a byte order mark. Other encodings begin with the same ASCII.
  const text = new TextDecoder().decode(head.subarray(0, 1024)).trimStart().toLowerCase();
  const warnings = new Set<Warning>();
  if (PROGRAMS.test(name) || PROGRAM_TYPES.test(type ?? "") || text.startsWith("#!")) warnings.add("program");
  // The head of an old office file does not show whether it holds macros.
  if (MACROS.test(name) || MACRO_TYPES.test(type ?? "")) warnings.add("macros");
  if (MARKUP.test(name) || /^<(?:!doctype|!-{2}|html|head|body|svg|script|iframe|\?xml)/.test(text))
    warnings.add("markup");
  if (ARCHIVES.test(name) || ARCHIVE_TYPES.test(type ?? "")) warnings.add("archive");
  const claim = CLAIMS.find(([end]) => end.test(name));
  // An empty file claims nothing.
  if (claim !== undefined && head.length > 0 && !claim[1].test(type ?? "")) warnings.add("mismatch");
  return { type, warnings: [...warnings] };
}
