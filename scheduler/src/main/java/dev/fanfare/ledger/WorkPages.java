package dev.fanfare.ledger;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads accepted work, a part at a time. */
public final class WorkPages {
  /** About the most payload bytes of one page. */
  static final long MOST_BYTES = 4L << 20;

  private static final InvocationId FIRST = new InvocationId(0, 0);

  private final Connection connection;
  private final WorkKinds kinds;
  private final NodeId origin;
  private final Claim claim;
  private final Damage damage;

  WorkPages(Connection connection, WorkKinds kinds, NodeId origin, Claim claim, Damage damage) {
    this.connection = connection;
    this.kinds = kinds;
    this.origin = origin;
    this.claim = claim;
    this.damage = damage;
  }

  /**
   * How far a function's queue was read: of those without a priority up to an id, of the others up
   * to a place and an id.
   */
  public record Cursor(InvocationId ordinary, long place, InvocationId prior) {
    /** Before all. */
    public static final Cursor START = new Cursor(FIRST, Long.MIN_VALUE, FIRST);

    /** The same, moved back if need be, so that what comes after it includes this work. */
    public Cursor before(Submission work) {
      if (work.priority() == 0) {
        return work.id().compareTo(ordinary) > 0
            ? this
            : new Cursor(previous(work.id()), place, prior);
      }
      long itsPlace = AcceptedWork.place(work);
      boolean ahead = itsPlace > place || itsPlace == place && work.id().compareTo(prior) > 0;
      return ahead ? this : new Cursor(ordinary, itsPlace, previous(work.id()));
    }

    /** Whether this work stands before all that comes after the cursor. */
    public boolean isAfter(Submission work) {
      long itsPlace = AcceptedWork.place(work);
      return itsPlace < place && itsPlace < ordinary.epochMillis() * 1_000;
    }

    private Cursor past(Submission work) {
      return work.priority() == 0
          ? new Cursor(work.id(), place, prior)
          : new Cursor(ordinary, AcceptedWork.place(work), work.id());
    }

    private static InvocationId previous(InvocationId id) {
      return id.low() == 0
          ? new InvocationId(id.high() - 1, -1)
          : new InvocationId(id.high(), id.low() - 1);
    }
  }

  /**
   * A part of a function's queue.
   *
   * @param next to read on from
   * @param last whether nothing came after it
   */
  public record Page(List<Submission> work, Cursor next, boolean last) {
    public Page {
      work = List.copyOf(work);
    }
  }

  Page standing(Queue queue, Cursor after, int most) throws SQLException {
    List<Submission> ordinary =
        read(
            "WHERE w.function = (SELECT number FROM history_functions WHERE tenant = ? AND function"
                + " = ?) AND w.id > ? AND w.place IS NULL AND w.due IS NULL"
                + claim.condition("w")
                + " ORDER BY w.id LIMIT ?",
            queue.tenant().value(),
            queue.function().value(),
            Ids.bytes(after.ordinary),
            most);
    List<Submission> prior =
        read(
            "WHERE w.function = (SELECT number FROM history_functions WHERE tenant = ? AND function"
                + " = ?) AND w.place IS NOT NULL AND (w.place, w.id) > (?, ?)"
                + claim.condition("w")
                + " ORDER BY w.place, w.id LIMIT ?",
            queue.tenant().value(),
            queue.function().value(),
            after.place,
            Ids.bytes(after.prior),
            most);
    return merged(ordinary, prior, after, most);
  }

  List<Submission> due(long until, long after, InvocationId afterId, int most) throws SQLException {
    return read(
        "WHERE w.due IS NOT NULL AND w.due <= ? AND (w.due, w.id) > (?, ?)"
            + claim.condition("w")
            + " ORDER BY w.due, w.id LIMIT ?",
        until,
        after,
        Ids.bytes(afterId),
        most);
  }

  Optional<Submission> find(TenantId tenant, InvocationId id) throws SQLException {
    return read(
            "WHERE w.id = ? AND w.function IN (SELECT number FROM history_functions WHERE tenant ="
                + " ?)",
            Ids.bytes(id),
            tenant.value())
        .stream()
        .findFirst();
  }

  Optional<Submission> findOwn(TenantId tenant, InvocationId id) throws SQLException {
    return read(
            "WHERE w.id = ? AND w.function IN (SELECT number FROM history_functions WHERE tenant ="
                + " ?)"
                + claim.condition("w"),
            Ids.bytes(id),
            tenant.value())
        .stream()
        .findFirst();
  }

  List<Submission> newest(TenantId tenant, InvocationFilter filter) throws SQLException {
    List<String> functions =
        filter.function().isPresent()
            ? List.of(filter.function().get().value())
            : Sql.query(
                connection,
                "SELECT function FROM history_functions WHERE tenant = ?",
                row -> row.getString(1),
                tenant.value());
    var found = new ArrayList<Submission>();
    for (String function : functions) {
      found.addAll(
          read(
              true,
              "WHERE w.function = (SELECT number FROM history_functions WHERE tenant = ? AND"
                  + " function = ?) AND w.id >= ? ORDER BY w.id DESC LIMIT ?",
              tenant.value(),
              function,
              Ids.firstOf(filter.since().map(Instant::toEpochMilli).orElse(0L)),
              filter.limit()));
    }
    found.sort((one, other) -> other.id().compareTo(one.id()));
    return found.subList(0, Math.min(found.size(), filter.limit()));
  }

  /** In order of their places; what is over goes with the next page. */
  private static Page merged(
      List<Submission> ordinary, List<Submission> prior, Cursor after, int most) {
    var work = new ArrayList<Submission>(Math.min(most, ordinary.size() + prior.size()));
    Cursor cursor = after;
    int o = 0;
    int p = 0;
    while (work.size() < most && (o < ordinary.size() || p < prior.size())) {
      boolean takesPrior =
          o == ordinary.size()
              || p < prior.size()
                  && AcceptedWork.place(prior.get(p)) < AcceptedWork.place(ordinary.get(o));
      Submission next = takesPrior ? prior.get(p++) : ordinary.get(o++);
      work.add(next);
      cursor = cursor.past(next);
    }
    Cursor next =
        prior.isEmpty() ? new Cursor(cursor.ordinary, Long.MAX_VALUE, cursor.prior) : cursor;
    return new Page(work, next, work.isEmpty());
  }

  private List<Submission> read(String where, Object... values) throws SQLException {
    return read(false, where, values);
  }

  private List<Submission> read(boolean withoutDamaged, String where, Object... values)
      throws SQLException {
    long epoch = claim.epoch();
    try (PreparedStatement select = connection.prepareStatement(WorkRows.SELECT + where)) {
      Sql.bind(select, values);
      try (ResultSet rows = select.executeQuery()) {
        List<Submission> work = new ArrayList<>();
        long bytes = 0;
        while (bytes < MOST_BYTES && rows.next()) {
          try {
            Submission next = WorkRows.read(connection, rows, "accepted", kinds, origin, epoch);
            work.add(next);
            bytes += next.payload() instanceof Payload.Inline inline ? inline.size() : 0;
          } catch (DamagedRow row) {
            if (!withoutDamaged) {
              throw row;
            }
            damage.met(row, "it is left out of what is listed");
          }
        }
        return work;
      }
    }
  }
}
