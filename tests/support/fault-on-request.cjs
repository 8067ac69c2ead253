// Preloaded into a portal: a request whose header X-Fault says so meets a fault of the program.
const { Server } = require("node:http");

const emit = Server.prototype.emit;
const faults = {
  listener: (request) =>
    request.on("data", () => {
      throw new Error(`fault with ${request.headers["x-canary"]}`);
    }),
  timer: () =>
    setTimeout(() => {
      throw new TypeError("fault");
    }, 0),
  promise: () => void Promise.reject(new Error("fault")),
  nothing: () =>
    setTimeout(() => {
      throw undefined;
    }, 0),
};
Server.prototype.emit = function (name, ...rest) {
  if (name === "request") faults[rest[0].headers["x-fault"]]?.(rest[0]);
  return emit.call(this, name, ...rest);
};
