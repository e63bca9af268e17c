package dev.fanfare.runtime;

import dev.fanfare.frame.Link;

/** A link whose other end is the test: it takes all that is sent, and never ends. */
interface OpenLink extends Link {
  @Override
  default boolean congested() {
    return false;
  }

  @Override
  default void close() {}

  @Override
  default String peer() {
    return "test";
  }
}
