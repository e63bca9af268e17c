package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;

/** Makes certificates that sign themselves, by the JDK's keytool. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private Certificates() {}

  static void selfSigned(Path certificate, Path key)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = certificate.resolveSibling("store.p12");
    Path log = certificate.resolveSibling("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "worker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=worker",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError(Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("worker").getEncoded()));
    Files.writeString(
        key,
        pem(
            "PRIVATE KEY",
            Objects.requireNonNull(keys.getKey("worker", PASSWORD.toCharArray())).getEncoded()));
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
