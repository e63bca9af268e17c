package dev.fanfare.process;

import dev.fanfare.container.RevisionImages;
import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.StartedRuntime;

/** A runtime in a container of its revision's own image: it finds the code there. */
record CodeInImage(StartedRuntime runtime) implements StartedRuntime {
  @Override
  public void listen(Listener listener) {
    runtime.listen(listener);
  }

  @Override
  public void send(Frame frame) {
    runtime.send(frame instanceof Frame.Load load ? inImage(load) : frame);
  }

  private static Frame.Load inImage(Frame.Load load) {
    return new Frame.Load(
        load.revision(),
        RevisionImages.MANIFEST,
        RevisionImages.ARTIFACT,
        load.blobs(),
        load.resultLimitBytes());
  }

  @Override
  public void kill() {
    runtime.kill();
  }

  @Override
  public String name() {
    return runtime.name();
  }
}
