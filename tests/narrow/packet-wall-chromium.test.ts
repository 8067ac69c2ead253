import { behindPacketWall } from "./packet-wall.js";

behindPacketWall("chromium");
