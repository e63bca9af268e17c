package dev.fanfare.gateway;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import java.util.function.Consumer;

/**
 * A link whose other end has a fuller name than its address.
 *
 * @param peer that name
 * @param sending is told of each frame before it is sent, on whatever thread
 */
record NamedLink(Link link, String peer, Consumer<Frame> sending) implements Link {
  NamedLink(Link link, String peer) {
    this(link, peer, frame -> {});
  }

  @Override
  public void send(Frame frame) {
    sending.accept(frame);
    link.send(frame);
  }

  @Override
  public boolean congested() {
    return link.congested();
  }

  @Override
  public void close() {
    link.close();
  }
}
