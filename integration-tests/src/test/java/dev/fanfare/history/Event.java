package dev.fanfare.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * One line of what clients saw.
 *
 * @param operation number of the operation, unique in a history
 * @param at epoch microseconds by a clock that does not step back
 * @param token names the work, whatever id the platform gives it; empty where none is known
 * @param id the invocation's, where the client was told
 * @param key the idempotency key it was asked under, or empty
 * @param outcome the end that the client was told of, or empty
 * @param fence of the attempt whose result or failure was told, or that was told to run; 0 for none
 * @param note words for people
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Event(
    long operation,
    Kind kind,
    Action action,
    long at,
    String token,
    String id,
    String key,
    String outcome,
    long fence,
    String note) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where an operation stands. */
  public enum Kind {
    /** It begins. */
    INVOKE,
    /** It was done. */
    OK,
    /** It was certainly not done. */
    FAIL,
    /** Nobody knows whether it was done. */
    INFO
  }

  /** What is asked for. */
  public enum Action {
    /** An asynchronous submission: OK means accepted. */
    SUBMIT,
    /** A call that waits: OK means answered. */
    CALL,
    /** A call that waits for work that is accepted, as one under a key is. */
    KEYED_CALL,
    /** One item of a burst. */
    ITEM,
    /** OK means that it ended as cancelled. */
    CANCEL,
    /** A look at state or result. */
    READ,
    /**
     * Something bad was done to a process; the note says what, the fence how much was under way.
     */
    FAULT
  }

  /** Absent texts are empty ones. */
  public Event {
    token = token == null ? "" : token;
    id = id == null ? "" : id;
    key = key == null ? "" : key;
    outcome = outcome == null ? "" : outcome;
    note = note == null ? "" : note;
  }

  /** As one line of JSON. */
  public String line() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads what {@link #line} wrote. */
  public static Event parse(String line) {
    try {
      return JSON.readValue(line, Event.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no event: " + line, e);
    }
  }

  /** Whether it makes an invocation, or may. */
  boolean asksForWork() {
    return switch (action) {
      case SUBMIT, CALL, KEYED_CALL, ITEM -> true;
      case CANCEL, READ, FAULT -> false;
    };
  }
}
