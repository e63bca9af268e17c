package dev.fanfare.key;

import dev.fanfare.protocol.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * What may be told of a key.
 *
 * @param lastUsed to about a minute
 */
public record KeyView(
    String id,
    TenantId tenant,
    Scope scope,
    String name,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsed) {}
