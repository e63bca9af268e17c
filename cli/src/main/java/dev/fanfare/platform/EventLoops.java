package dev.fanfare.platform;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;

/** Makes the Vert.x of a process. */
public final class EventLoops {
  private static final int FEWEST = 2;

  /** Names are asked for again so soon: a container that is made anew has another address. */
  private static final int NAME_SECONDS = 5;

  private EventLoops() {}

  /**
   * One event loop for each processor, native transport where there is one, nothing unpacked to
   * disk.
   */
  public static Vertx start() {
    int loops = Math.max(FEWEST, Runtime.getRuntime().availableProcessors());
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(loops)
            .setAddressResolverOptions(
                new AddressResolverOptions().setCacheMaxTimeToLive(NAME_SECONDS))
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false)));
  }
}
