import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  type AskedPortion,
  type DeskCursor,
  isCaseId,
  MAX_LABEL_CHARS,
  type NoteChange,
  readSet,
} from "../../cases/index.js";
import { fieldsOf } from "../../core/index.js";
import { openCaseNotes, writeChanges } from "../case-notes.js";
import { builtEngines, readEngine } from "../html/index.js";
import { Access } from "./access.js";
import { type AnsweringPlaces, Answers, readAsked } from "./answers.js";
import { Contents } from "./contents.js";
import { IndexFile } from "./index-file.js";
import { ANSWER_HEADERS, ENGINE_HEADERS, renderWorkbenchPage } from "./page.js";
import { RequestError, readBody } from "./request.js";

/** One step may write of every case of a large desk. */
const MAX_CHANGES = 50_000;
const MAX_BODY_BYTES = 16 * 1024 ** 2;
const MAX_DOCUMENT_BYTES = 64 * 1024 ** 2;
const MAX_REPLACED = 1_000;
const JSON_HEADERS = { ...ANSWER_HEADERS, "Content-Type": "application/json" };

export interface Workbench {
  /** It must listen on 127.0.0.1. */
  readonly server: Server;
  /** A new address, which one browser can use, once. An earlier one leads nowhere from then on. */
  readonly newAddress: () => string;
  /** Brings `index.html` up to date, as it also does now and then. To be called at the end. */
  readonly end: () => Promise<void>;
}

/**
 * The workbench over a folder of cases, for a browser on this machine.
 * @param onFault told of what the page can only say it could not do
 * @throws CaseNotesError `damaged`
 */
export async function createWorkbench(
  root: string,
  onFault: (fault: Error) => void,
  answering: AnsweringPlaces,
): Promise<Workbench> {
  const logs = await openCaseNotes(root);
  const contents = new Contents(root, logs);
  const answers = new Answers(root, logs, answering);
  contents.begin();
  const indexFile = new IndexFile(contents, onFault);
  const page = renderWorkbenchPage();
  const port = () => (server.address() as AddressInfo | null)?.port ?? 0;
  const access = new Access(port);

  const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>> = {
    "GET /": async (_request, response) => {
      contents.giveWay();
      response.writeHead(200, page.headers).end(page.html);
    },
    // Without a token: a browser asks for a worker's script without headers of the page's. They hold nothing of a case.
    ...Object.fromEntries(
      builtEngines().map((engine) => [
        `GET /reading/${engine}.js`,
        async (_request: IncomingMessage, response: ServerResponse) => {
          response.writeHead(200, { ...ANSWER_HEADERS, ...ENGINE_HEADERS }).end(readEngine(engine));
        },
      ]),
    ),
    "POST /claim": async (request, response) => {
      const token = access.claim((await readBody(request, 1024)).toString());
      if (token === null) answer(response, 403);
      else answerJson(response, JSON.stringify({ token }));
    },
    "POST /cases": guarded(async (request, response) => {
      const asked = readPortion(JSON.parse((await readBody(request, 4096)).toString()));
      answerJson(response, (await contents.portion(asked)) ?? "null");
    }),
    "POST /news": guarded(async (request, response) => {
      const known = readCursor(JSON.parse((await readBody(request, 4096)).toString()));
      answerJson(response, JSON.stringify(await contents.news(known)));
    }),
    "POST /changes": guarded(async (request, response) => {
      const { by, changes } = readChanges(JSON.parse((await readBody(request, MAX_BODY_BYTES)).toString()));
      // They are on the disk before the page hears of it.
      answerJson(response, JSON.stringify(await writeChanges(root, logs, () => changes, by)));
    }),
    "GET /answering": guarded(async (_request, response) =>
      answerJson(response, JSON.stringify(await answers.choices())),
    ),
    "POST /preview": guarded(async (request, response) => {
      const asked = readAsked(JSON.parse((await readBody(request, MAX_BODY_BYTES)).toString()));
      answerJson(response, JSON.stringify(await answers.preview(asked)));
    }),
    "POST /answers": guarded(async (request, response) => {
      const asked = readAsked(JSON.parse((await readBody(request, MAX_BODY_BYTES)).toString()));
      answerJson(response, JSON.stringify(await answers.send(asked)));
    }),
    "POST /document": guarded(async (request, response) => {
      const path = (await readBody(request, 4096)).toString();
      const bytes = await contents.documentBytes(path);
      if (bytes === null || bytes > MAX_DOCUMENT_BYTES) return answer(response, 404);
      response.writeHead(200, { ...ANSWER_HEADERS, "Content-Type": "application/octet-stream" });
      await pipeline(createReadStream(join(root, path), { end: MAX_DOCUMENT_BYTES - 1 }), response);
    }),
  };

  function guarded(route: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
    return async (request: IncomingMessage, response: ServerResponse) =>
      access.admits(request) ? route(request, response) : answer(response, 403);
  }

  const server = createServer((request, response) => {
    const route = Object.hasOwn(routes, `${request.method} ${request.url}`)
      ? routes[`${request.method} ${request.url}`]
      : undefined;
    if (!access.isOurs(request)) return answer(response, 403);
    if (route === undefined) return answer(response, 404);
    route(request, response).catch((cause: unknown) => {
      const isTheirs = cause instanceof RequestError || cause instanceof SyntaxError;
      // A page that was closed meanwhile is none.
      if (!isTheirs && !response.destroyed) onFault(cause instanceof Error ? cause : new Error(String(cause)));
      if (response.headersSent) response.destroy();
      else answer(response, isTheirs ? 400 : 500);
    });
  });
  server.on("close", () => indexFile.stop());
  return {
    server,
    newAddress: () => `http://127.0.0.1:${port()}/#${access.newStart()}`,
    end: () => indexFile.end(),
  };
}

/** @throws RequestError */
function readChanges(body: unknown): { readonly by: string; readonly changes: readonly NoteChange[] } {
  const { by, changes } = fieldsOf(body);
  if (typeof by !== "string" || by.trim() === "" || !Array.isArray(changes) || changes.length > MAX_CHANGES) {
    throw new RequestError("malformed", "this is no step of work");
  }
  return { by: by.trim().slice(0, MAX_LABEL_CHARS), changes: changes.map(readChange) };
}

function readChange(change: unknown): NoteChange {
  const { case: id, set, replaces } = fieldsOf(change);
  const read = isCaseId(id) ? readSet(set, id) : null;
  if (!isCaseId(id) || read === null || "unknown" in read) throw new RequestError("malformed", "this is no change");
  if (!Array.isArray(replaces)) return { case: id, set: read };
  const ids = replaces.filter((each: unknown) => typeof each === "string").slice(0, MAX_REPLACED);
  return { case: id, set: read, replaces: ids };
}

/** @throws RequestError */
function readCursor(body: unknown): DeskCursor {
  const { run, events, cases } = fieldsOf(body);
  if (typeof run === "string" && typeof events === "number" && typeof cases === "string") return { run, events, cases };
  throw new RequestError("malformed", "this tells of no reading");
}

/** @throws RequestError */
function readPortion(body: unknown): AskedPortion {
  const { reading, at, known } = fieldsOf(body);
  const isPlace = typeof at === "number" && Number.isSafeInteger(at) && at >= 0;
  if (typeof reading === "string" && isPlace && typeof known === "string") return { reading, at, known };
  throw new RequestError("malformed", "this asks for no portion");
}

function answerJson(response: ServerResponse, json: string | Buffer): void {
  response.writeHead(200, JSON_HEADERS).end(json);
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...ANSWER_HEADERS, Connection: "close" }).end();
}
