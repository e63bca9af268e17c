package dev.fanfare.key;

import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.ledger.KeyUseTable;
import dev.fanfare.proof.SharedKey;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * API keys, written {@code ff_<id>_<secret>}. The platform keeps SHA-256 of the secret, which has
 * 160 random bits, never the secret. Thread-safe; {@link #authenticate} and {@link #list} answer
 * from memory, the others block on the disk.
 */
public final class Keys {
  private static final Pattern FORM = Pattern.compile("ff_([a-z2-7]{10})_([a-z2-7]{32})");
  private static final char[] DIGITS = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
  private static final int ID_DIGITS = 10;
  private static final int SECRET_DIGITS = 32;
  private static final int LONGEST_NAME = 100;
  private static final Duration USE_PRECISION = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NO_HASH = new byte[32];

  private final Directory directory;
  private final KeyUseTable uses;
  private final Clock clock;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private static final class Held {
    private final StoredKey key;
    private final Principal principal;
    private final byte[] secretHash;
    private volatile Instant lastUsed;
    private volatile Instant lastUsedKept;

    private Held(StoredKey key, Instant lastUsed) {
      this.key = key;
      this.principal = new Principal(key.id(), key.tenant(), Scope.parse(key.scope()));
      this.secretHash = HexFormat.of().parseHex(key.secretHash().hex());
      this.lastUsed = lastUsed;
      this.lastUsedKept = lastUsed;
    }
  }

  private Keys(Directory directory, KeyUseTable uses, Clock clock) {
    this.directory = directory;
    this.uses = uses;
    this.clock = clock;
  }

  /** The keys that the directory holds. */
  public static Keys load(Directory directory, KeyUseTable uses, Clock clock) {
    Keys keys = new Keys(directory, uses, clock);
    Map<String, Instant> lastUses = uses.load();
    directory.onChange(rows -> keys.changed(rows, Map.of()));
    keys.changed(List.copyOf(directory.rows()), lastUses);
    return keys;
  }

  /** Entries changed, here or elsewhere. */
  private void changed(List<Row> rows, Map<String, Instant> lastUses) {
    for (Row row : rows) {
      if (row.key().startsWith(StoredKey.ENTRIES)) {
        String id = row.key().substring(StoredKey.ENTRIES.length());
        if (row.value() == null) {
          held.remove(id);
        } else {
          StoredKey key = StoredKey.read(id, row.value());
          held.putIfAbsent(id, new Held(key, lastUses.getOrDefault(id, Instant.MIN)));
        }
      }
    }
  }

  /**
   * Makes a key; on disk, and offered to the other nodes, when this returns.
   *
   * @param name what people call it, at most 100 characters
   * @param ttl how long it holds, for ever when absent
   */
  public Issued issue(TenantId tenant, Scope scope, String name, Optional<Duration> ttl) {
    checkName(name);
    if (ttl.isPresent() && !ttl.get().isPositive()) {
      throw new IllegalArgumentException("a key holds for longer than " + ttl.get());
    }
    return issue(tenant, scope, name, ttl, text(SECRET_DIGITS));
  }

  /**
   * Makes a worker's credential of a secret that it has already; on disk when this returns.
   *
   * @param secret 32 digits of base 32 that nobody else knows
   */
  public Issued issueWorker(TenantId tenant, String name, String secret) {
    return issue(tenant, Scope.WORKER, name, Optional.empty(), secret);
  }

  private Issued issue(
      TenantId tenant, Scope scope, String name, Optional<Duration> ttl, String secret) {
    String id = text(ID_DIGITS);
    Optional<Instant> expiresAt = ttl.map(clock.instant()::plus);
    write(id, secret, tenant, scope, name, expiresAt);
    return new Issued(id, SharedKey.text(id, secret), expiresAt);
  }

  /** The text of a key that no platform knows yet. */
  public static String fresh() {
    return SharedKey.text(text(ID_DIGITS), text(SECRET_DIGITS));
  }

  /**
   * Makes a key good that was made elsewhere, for ever, unless it is already. Nodes that adopt the
   * same one have one key.
   *
   * @throws IllegalArgumentException if the text is no key
   */
  public void adopt(TenantId tenant, Scope scope, String name, String text) {
    checkName(name);
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a key is written ff_ID_SECRET, 10 and 32 characters");
    }
    if (authenticate(text).filter(known -> known.scope() == scope).isEmpty()) {
      write(form.group(1), form.group(2), tenant, scope, name, Optional.empty());
    }
  }

  private void write(
      String id,
      String secret,
      TenantId tenant,
      Scope scope,
      String name,
      Optional<Instant> expiresAt) {
    StoredKey key =
        new StoredKey(
            id,
            tenant,
            scope.code(),
            name,
            Sha256.ofDigest(hash(secret)),
            clock.instant(),
            expiresAt);
    directory.write(Map.of(StoredKey.ENTRIES + id, Optional.of(key.bytes())));
  }

  private static void checkName(String name) {
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a key's name is at most 100 printable characters");
    }
  }

  /**
   * A key with which a worker and a gateway prove themselves to each other; empty if it is none of
   * ours, not for workers, revoked or expired.
   */
  public Optional<SharedWithWorker> sharedWithWorker(String id) {
    Held candidate = held.get(id);
    if (candidate == null || isOver(candidate.key) || !candidate.principal.scope().isForWorkers()) {
      return Optional.empty();
    }
    return Optional.of(
        new SharedWithWorker(candidate.principal, new SharedKey(id, candidate.secretHash.clone())));
  }

  /** What a worker's key allows, and what both sides know of it. */
  public record SharedWithWorker(Principal principal, SharedKey key) {}

  /**
   * Whose key this is; empty if it is no key, none of ours, revoked or expired. Takes constant
   * time.
   */
  public Optional<Principal> authenticate(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    Held candidate = held.get(form.group(1));
    byte[] expected = candidate == null ? NO_HASH : candidate.secretHash;
    boolean equal = MessageDigest.isEqual(hash(form.group(2)), expected);
    if (candidate == null || !equal) {
      return Optional.empty();
    }
    if (isOver(candidate.key)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (candidate.lastUsed.isBefore(now.minus(USE_PRECISION))) {
      candidate.lastUsed = now;
    }
    return Optional.of(candidate.principal);
  }

  /** The tenant's keys, oldest first. */
  public List<KeyView> list(TenantId tenant) {
    return held.values().stream()
        .filter(h -> h.key.tenant().equals(tenant))
        .map(Keys::view)
        .sorted(Comparator.comparing(KeyView::createdAt).thenComparing(KeyView::id))
        .toList();
  }

  /** Ends the tenant's key of this id; false if there is none. */
  public boolean revoke(TenantId tenant, String id) {
    Held candidate = held.get(id);
    if (candidate == null || !candidate.key.tenant().equals(tenant)) {
      return false;
    }
    directory.write(Map.of(StoredKey.ENTRIES + id, Optional.empty()));
    return true;
  }

  /**
   * Writes down when keys were last used at this node, if that changed. To be called now and then.
   */
  public void keepLastUses() {
    Map<String, Instant> news = new HashMap<>();
    for (Held h : held.values()) {
      Instant lastUsed = h.lastUsed;
      if (!lastUsed.equals(h.lastUsedKept)) {
        news.put(h.key.id(), lastUsed);
        h.lastUsedKept = lastUsed;
      }
    }
    if (!news.isEmpty()) {
      uses.write(news);
    }
  }

  private static KeyView view(Held h) {
    StoredKey key = h.key;
    Instant lastUsed = h.lastUsed;
    return new KeyView(
        key.id(),
        key.tenant(),
        h.principal.scope(),
        key.name(),
        key.createdAt(),
        key.expiresAt(),
        lastUsed.equals(Instant.MIN) ? Optional.empty() : Optional.of(lastUsed));
  }

  private boolean isOver(StoredKey key) {
    Instant now = clock.instant();
    return key.expiresAt().filter(end -> !now.isBefore(end)).isPresent();
  }

  private static String text(int digits) {
    StringBuilder text = new StringBuilder(digits);
    for (int i = 0; i < digits; i++) {
      text.append(DIGITS[RANDOM.nextInt(DIGITS.length)]);
    }
    return text.toString();
  }

  private static byte[] hash(String secret) {
    return Sha256.digest().digest(secret.getBytes(StandardCharsets.US_ASCII));
  }
}
