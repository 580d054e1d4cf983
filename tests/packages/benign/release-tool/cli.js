#!/usr/bin/env node
import { release } from "./index.js";
release({ folder: process.cwd(), level: process.argv[2] || "patch" });
