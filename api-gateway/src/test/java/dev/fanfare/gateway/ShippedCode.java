package dev.fanfare.gateway;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs shipped lambdas from their jars, which see the JDK and the annotations and nothing else. */
final class ShippedCode {
  private final TestGateway platform;
  private final Map<RevisionId, ClassLoader> loaders = new ConcurrentHashMap<>();

  ShippedCode(TestGateway platform) {
    this.platform = platform;
  }

  Optional<Outcome> run(Lease lease) {
    ClassLoader loader = loaders.computeIfAbsent(lease.revision(), this::load);
    Thread.currentThread().setContextClassLoader(loader);
    try {
      byte[] request =
          switch (lease.payload()) {
            case Payload.Inline inline -> inline.bytes();
            case Payload.Blob blob ->
                platform.node.blobs().read(blob.hash(), 0, Math.toIntExact(blob.size()));
          };
      Method entry =
          Class.forName("dev.fanfare.shipping.Shipped", true, loader)
              .getMethod("call", byte[].class);
      byte[] answer = (byte[]) entry.invoke(null, (Object) request);
      return Optional.of(new Outcome.Success(payload(answer)));
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      return Optional.of(
          new Outcome.Failure(
              new Fault(
                  FailureCode.USER_FAULT,
                  thrown.getClass().getName(),
                  String.valueOf(thrown.getMessage()),
                  "",
                  0)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Payload payload(byte[] bytes) {
    String type = "application/octet-stream";
    return bytes.length <= Payload.INLINE_LIMIT
        ? new Payload.Inline(type, bytes)
        : new Payload.Blob(type, platform.node.blobs().put(bytes), bytes.length);
  }

  private ClassLoader load(RevisionId revision) {
    Path jar =
        platform
            .node
            .blobs()
            .path(platform.node.registry().manifest(revision).orElseThrow().artifact());
    try {
      return new URLClassLoader(new URL[] {jar.toUri().toURL()}, new Shown());
    } catch (java.net.MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Shown extends ClassLoader {
    Shown() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("dev.fanfare.function.")) {
        return ShippedCode.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
