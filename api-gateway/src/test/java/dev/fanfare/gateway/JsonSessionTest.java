package dev.fanfare.gateway;

/** Sessions over a WebSocket in JSON. */
class JsonSessionTest extends WebSocketSessionContract {
  JsonSessionTest() {
    super(WebSocketLink.JSON);
  }
}
