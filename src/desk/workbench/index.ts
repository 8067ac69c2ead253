export { createWorkbench, type Workbench } from "./server.js";
