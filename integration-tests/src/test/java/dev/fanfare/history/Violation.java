package dev.fanfare.history;

/**
 * A promise that was broken.
 *
 * @param promise H1 to H8
 * @param id the invocation, or empty where it is about none
 * @param story everything known of it, a line each
 */
public record Violation(String promise, String id, String what, String story) {
  @Override
  public String toString() {
    return "%s %s%n%s".formatted(promise, what, story);
  }
}
