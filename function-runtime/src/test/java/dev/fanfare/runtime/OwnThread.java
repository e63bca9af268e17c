package dev.fanfare.runtime;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Short work runs on the thread that brings it, and has the class loader of its revision there. A
 * test's own thread gets its class loader back, with which the next test class is found.
 */
final class OwnThread implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    Thread.currentThread().setContextClassLoader(OwnThread.class.getClassLoader());
  }
}
