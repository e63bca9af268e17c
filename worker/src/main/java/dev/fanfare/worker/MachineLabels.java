package dev.fanfare.worker;

import com.sun.management.OperatingSystemMXBean;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.Labels;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.TreeMap;

/** The labels that every worker has, from the machine it runs on. */
final class MachineLabels {
  private MachineLabels() {}

  /** The automatic ones and the user's; the user's win. */
  static Labels of(WorkerConfiguration configuration) {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var labels = new TreeMap<String, String>();
    labels.put("worker", configuration.id().value());
    labels.put("os", os());
    labels.put("arch", arch());
    labels.put("cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
    labels.put("memory", String.valueOf(machine.getTotalMemorySize()));
    labels.put("java", String.valueOf(Runtime.version().feature()));
    labels.putAll(configuration.labels().values());
    labels.remove(Builtins.ALLOW_EXEC);
    if (configuration.allowExec()) {
      labels.put(Builtins.ALLOW_EXEC, "true");
    }
    labels.remove(Builtins.ALLOW_SYNC);
    configuration.allowSync().ifPresent(root -> labels.put(Builtins.ALLOW_SYNC, root.toString()));
    return new Labels(labels);
  }

  private static String os() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return "macos";
    }
    return name.startsWith("windows") ? "windows" : name.replace(' ', '-');
  }

  private static String arch() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? "x86_64" : arch;
  }
}
