import { behindPacketWall } from "./packet-wall.js";

behindPacketWall("firefox-esr");
