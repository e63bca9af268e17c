package dev.fanfare.folder;

import java.io.IOException;

/** Something that is not done because it must not be, rather than could not be. */
public final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }
}
