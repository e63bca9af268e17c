package dev.fanfare.shard;

import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Makes equal values of many invocations one object, so that a backlog does not hold a million
 * copies. It remembers a few recent ones only; to miss one costs memory, never correctness.
 */
final class Interner {
  private static final int REMEMBERED = 64;

  private final @Nullable NodeId[] nodes = new NodeId[REMEMBERED];
  private final @Nullable String[] contentTypes = new String[REMEMBERED];

  NodeId node(NodeId node) {
    int slot = slot(node.value());
    NodeId known = nodes[slot];
    if (known != null && known.equals(node)) {
      return known;
    }
    nodes[slot] = node;
    return node;
  }

  Payload payload(Payload payload) {
    if (!(payload instanceof Payload.Inline inline)) {
      return payload;
    }
    String contentType = inline.contentType();
    int slot = slot(contentType);
    String known = contentTypes[slot];
    if (known == null || !known.equals(contentType)) {
      contentTypes[slot] = contentType;
      return payload;
    }
    return isSame(known, contentType) ? payload : new Payload.Inline(known, inline.bytes());
  }

  String text(String text) {
    return text.isEmpty() ? "" : text;
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the same object is the question
  private static boolean isSame(String one, String other) {
    return one == other;
  }

  private static int slot(String text) {
    int hash = text.hashCode();
    return (hash ^ hash >>> 6 ^ hash >>> 12) & REMEMBERED - 1;
  }
}
