// A plain broadcast server around the package ws: what a client says, all get.

"use strict";

const { WebSocketServer, WebSocket } = require("ws");

const server = new WebSocketServer({
	host: "127.0.0.1",
	port: Number(process.argv[2]),
	backlog: 1024,
	perMessageDeflate: false
});

server.on("connection", (socket) => {
	socket.on("error", () => {});
	socket.on("message", (data, isBinary) => {
		for (const client of server.clients) {
			if (client.readyState === WebSocket.OPEN)
				client.send(data, { binary: isBinary });
		}
	});
});

server.on("listening", () => console.log("ready"));
