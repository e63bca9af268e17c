package dev.fanfare.protocol;

/**
 * What invocations run: a function of one revision in a tenant, with its policy. Shared by all of
 * them.
 */
public record Target(TenantId tenant, FunctionName function, RevisionId revision, Policy policy) {}
