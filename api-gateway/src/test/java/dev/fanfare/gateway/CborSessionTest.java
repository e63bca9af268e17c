package dev.fanfare.gateway;

/** Sessions over a WebSocket in CBOR. */
class CborSessionTest extends WebSocketSessionContract {
  CborSessionTest() {
    super(WebSocketLink.CBOR);
  }
}
