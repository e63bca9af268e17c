package dev.fanfare.key;

import dev.fanfare.protocol.TenantId;

/** Who a request comes from: the key it showed. */
public record Principal(String keyId, TenantId tenant, Scope scope) {}
