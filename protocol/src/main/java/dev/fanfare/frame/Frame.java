package dev.fanfare.frame;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerProfile;
import java.util.List;
import java.util.Optional;

/**
 * One message of a session. Up means from the worker to the gateway (or from a runtime to its
 * worker), down the other way. Frames are immutable and carry batches wherever several can wait.
 */
public sealed interface Frame {
  /** The version this software speaks; a peer of another major version is refused in words. */
  int PROTOCOL_VERSION = 1;

  /** The most bytes of a blob in one frame. */
  int CHUNK_BYTES = 256 * 1024;

  // ---- opening and closing ----

  /**
   * Up, first: who I am.
   *
   * @param resume the token of the session to take up again
   * @param held leases still running here from that session
   */
  record Hello(int version, WorkerProfile profile, Optional<String> resume, List<Held> held)
      implements Frame {
    public Hello {
      held = List.copyOf(held);
    }
  }

  /**
   * Down, answer to {@link Hello}.
   *
   * @param resume token with which this session can be taken up after a break
   * @param credential what to authenticate with from now on, when a join token was used
   * @param heartbeatMillis how often each side sends {@link Heartbeat}; lost after five of them
   * @param resultLimitBytes the largest result accepted
   */
  record Welcome(
      SessionId session,
      String resume,
      Optional<String> credential,
      int heartbeatMillis,
      long resultLimitBytes)
      implements Frame {}

  /**
   * Up: what I am from now on, when that is not any more what my {@link Hello} said. Every frame is
   * sent in the state that the last of them told. The id stays.
   */
  record Described(WorkerProfile profile) implements Frame {}

  /** Down: look at your declared state now, and tell what you found with {@link Described}. */
  record Check() implements Frame {}

  /** Both ways: alive. */
  record Heartbeat(long sentAtMillis) implements Frame {}

  /** Both ways, last: why it ends. {@code retry} tells a worker whether to connect again. */
  record Bye(String reason, boolean retry) implements Frame {}

  /** Down: finish what runs, take no more. Up: I do so; credits are void from here on. */
  record Drain() implements Frame {}

  // ---- work ----

  /**
   * Up: room for more work. Adds to what was offered before; negative takes back.
   *
   * @param free invocations of any function
   * @param warm invocations of one function that a running runtime can take at once
   * @param guests invocations of functions that the session holds no lease of, while no slot is
   *     free: one that is in use is handed over
   */
  record Credit(int free, List<Warm> warm, int guests) implements Frame {
    public Credit {
      warm = List.copyOf(warm);
    }

    /** Room for no guest. */
    public Credit(int free, List<Warm> warm) {
      this(free, warm, 0);
    }
  }

  /**
   * Up: these functions have as many runtimes here as they may have; they are given nothing but
   * warm room until they are told off. Replaces what was told before.
   *
   * @param functions with how many runtimes they may have
   */
  record Full(List<Warm> functions) implements Frame {
    public Full {
      functions = List.copyOf(functions);
    }
  }

  /**
   * Down: the worker's share in the runtimes of functions that say how many there are. Replaces
   * what was told before.
   *
   * @param least how many are to be kept warm
   * @param most how many there may be
   */
  record Scaling(List<Warm> least, List<Warm> most) implements Frame {
    public Scaling {
      least = List.copyOf(least);
      most = List.copyOf(most);
    }
  }

  /** Room in warm runtimes of one function, or how many runtimes of it there are to be. */
  record Warm(RevisionId revision, FunctionName function, int count) {}

  /**
   * Down: run these.
   *
   * @param warm how many of them use warm room, the first ones of the list
   * @param guests how many of them use guest room, the last ones; those between use free room
   */
  record Leases(List<Lease> leases, int warm, int guests) implements Frame {
    public Leases {
      leases = List.copyOf(leases);
      if (warm < 0 || guests < 0 || (long) warm + guests > leases.size()) {
        throw new IllegalArgumentException(
            "of %d leases, %d cannot be warm and %d guests".formatted(leases.size(), warm, guests));
      }
    }

    /** Leases that all use free room. */
    public Leases(List<Lease> leases) {
      this(leases, 0);
    }

    /** Leases of which the first ones use warm room, the others free room. */
    public Leases(List<Lease> leases, int warm) {
      this(leases, warm, 0);
    }
  }

  /**
   * The right to run one attempt.
   *
   * @param fence strictly rising per invocation; every message about the attempt carries it
   * @param timeoutMicros how long the attempt may run, from its start on the worker
   * @param callId the caller's id, empty where none was sent
   * @param traceparent W3C trace context, empty where none was sent
   * @param alone whether nothing else may be in its runtime meanwhile: one that it was in ended,
   *     and nobody knows for whose doing
   */
  record Lease(
      InvocationId id,
      long fence,
      int attempt,
      RevisionId revision,
      FunctionName function,
      Payload payload,
      long timeoutMicros,
      String callId,
      String traceparent,
      boolean alone) {

    /** One that may have company. */
    public Lease(
        InvocationId id,
        long fence,
        int attempt,
        RevisionId revision,
        FunctionName function,
        Payload payload,
        long timeoutMicros,
        String callId,
        String traceparent) {
      this(
          id,
          fence,
          attempt,
          revision,
          function,
          payload,
          timeoutMicros,
          callId,
          traceparent,
          false);
    }
  }

  /** Up: attempts that ended. Answered by {@link Acknowledged} with the same sequence number. */
  record Outcomes(long sequence, List<Settlement> settlements) implements Frame {
    public Outcomes {
      settlements = List.copyOf(settlements);
    }
  }

  /** How one attempt ended. */
  record Settlement(InvocationId id, long fence, Outcome outcome, Usage usage) {}

  /**
   * Down: every {@link Outcomes} up to this sequence number is settled; {@code stale} ones were
   * refused.
   */
  record Acknowledged(long sequence, List<Held> stale) implements Frame {
    public Acknowledged {
      stale = List.copyOf(stale);
    }
  }

  /** Up: leases given back unstarted; they do not count as attempts. */
  record Returned(List<Held> leases) implements Frame {
    public Returned {
      leases = List.copyOf(leases);
    }
  }

  /** One lease by id and fence. */
  record Held(InvocationId id, long fence) {}

  /** Down: stop these attempts; their leases are gone or the caller cancelled. */
  record Revoke(List<Held> leases, String reason) implements Frame {
    public Revoke {
      leases = List.copyOf(leases);
    }
  }

  // ---- what a running function says ----

  /** Up: lines that functions wrote, in order per invocation. */
  record Logs(List<LogLine> lines) implements Frame {
    public Logs {
      lines = List.copyOf(lines);
    }
  }

  /** Both ways: what the ends of invocations' channels say to each other, in order. */
  record Channels(List<Events> events) implements Frame {
    public Channels {
      events = List.copyOf(events);
    }
  }

  /**
   * Events of one invocation's channels.
   *
   * @param bytes as {@code dev.fanfare.channel.EventWriter} writes them; whoever passes them on
   *     need not look inside
   */
  record Events(InvocationId id, long fence, byte[] bytes) {}

  // ---- blobs, by content hash; pulled in pieces, so that neither side buffers a whole one ----

  /** Down, a hint: work of this revision may come soon. A worker may fetch it, and make it warm. */
  record Announced(RevisionId revision) implements Frame {}

  /** Up: send this piece of a blob. */
  record Fetch(Sha256 hash, long offset, int length) implements Frame {}

  /** Down: a piece of a blob; {@code total} is the blob's size. Answers one {@link Fetch}. */
  record Chunk(Sha256 hash, long offset, long total, byte[] bytes) implements Frame {}

  /** Down: no such blob here. */
  record Missing(Sha256 hash) implements Frame {}

  /** Up: a piece of a result that is too large to travel inside. */
  record Upload(Sha256 hash, long offset, long total, byte[] bytes) implements Frame {}

  /** Down: the upload is kept up to this offset; at most eight pieces may be under way. */
  record Uploaded(Sha256 hash, long offset) implements Frame {}

  // ---- worker and runtime only ----

  /**
   * Worker to runtime, first: become the host of this revision.
   *
   * @param manifest path of the revision's manifest
   * @param artifact path of the jar
   * @param blobs folder where payload blobs lie under their hash, and results are to be left
   */
  record Load(
      RevisionId revision, String manifest, String artifact, String blobs, long resultLimitBytes)
      implements Frame {}

  /**
   * Runtime to worker: ready for leases of the revision; {@code loadMicros} is how long it took.
   */
  record Loaded(RevisionId revision, long loadMicros) implements Frame {}

  /** Up, every heartbeat: what the worker does now, for people. */
  record Status(int running, int runtimes, int blankRuntimes, double load, List<RevisionId> cached)
      implements Frame {
    public Status {
      cached = List.copyOf(cached);
    }
  }

  // ---- asked for by people ----

  /** Down: tell how things stand with you now. Answered by {@link Condition}. */
  record Inspect(long sequence) implements Frame {}

  /**
   * Up: how things stand with the worker.
   *
   * @param sequence that of the {@link Inspect} it answers
   * @param text JSON, of at most {@value #CONDITION_CHARACTERS} characters
   */
  record Condition(long sequence, String text) implements Frame {}

  /**
   * One that this release does not know, from an end that is newer. It is left alone; its fields
   * are not read.
   */
  record Unknown(String kind) implements Frame {}

  /** The most characters of a {@link Condition}. */
  int CONDITION_CHARACTERS = 1 << 20;
}
