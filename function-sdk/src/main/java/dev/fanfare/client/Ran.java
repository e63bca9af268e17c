package dev.fanfare.client;

/**
 * A program that ran on a worker to its end.
 *
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error, and its log records
 * @param invocation the invocation's id
 */
public record Ran(String out, String err, String invocation) {}
