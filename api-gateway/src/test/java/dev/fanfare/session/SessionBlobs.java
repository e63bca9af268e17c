package dev.fanfare.session;

import static dev.fanfare.session.SessionScene.RESULT_LIMIT;
import static dev.fanfare.session.SessionScene.bye;
import static dev.fanfare.session.SessionScene.code;
import static dev.fanfare.session.SessionScene.random;
import static dev.fanfare.session.SessionScene.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Blobs over a session, both ways. */
interface SessionBlobs extends SessionPart {
  @Test
  default void aBlobIsFetchedInPieces() throws Exception {
    byte[] content = random(700_000);
    Sha256 hash = scene().node.blobs().put(content);
    ScriptedWorker worker = scene().open("one", 0, ScriptedWorker.LATER);
    for (int offset = 0; offset < content.length; offset += Frame.CHUNK_BYTES) {
      worker.send(new Frame.Fetch(hash, offset, Frame.CHUNK_BYTES));
    }
    await().until(() -> worker.heard(Frame.Chunk.class).size() == 3);
    var whole = new ByteArrayOutputStream();
    for (Frame.Chunk chunk : worker.heard(Frame.Chunk.class)) {
      assertThat(chunk.offset()).isEqualTo(whole.size());
      assertThat(chunk.total()).isEqualTo(content.length);
      whole.write(chunk.bytes());
    }
    assertThat(whole.toByteArray()).isEqualTo(content);
  }

  @Test
  default void aBlobThatIsNotThereIsMissing() {
    ScriptedWorker worker = scene().open("one", 0, ScriptedWorker.LATER);
    Sha256 hash = Sha256.of(random(10));
    worker.send(new Frame.Fetch(hash, 0, 100));
    await().until(() -> worker.heard(Frame.Missing.class).equals(List.of(new Frame.Missing(hash))));
  }

  @Test
  default void aPieceLargerThanAllowedEndsTheSession() {
    ScriptedWorker worker = scene().open("greedy", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Fetch(Sha256.of(random(10)), 0, Frame.CHUNK_BYTES + 1));
    assertThat(bye(worker).reason()).contains("piece");
  }

  @Test
  default void aLargeResultIsUploadedAndThenSettled() throws Exception {
    byte[] result = random(600_000);
    Sha256 hash = Sha256.of(result);
    ScriptedWorker worker = scene().open("one", 1, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = scene().submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    upload(worker, hash, result);
    await()
        .until(
            () ->
                worker.heard(Frame.Uploaded.class).stream()
                    .anyMatch(u -> u.offset() == result.length));
    assertThat(scene().node.blobs().read(hash, 0, result.length)).isEqualTo(result);
    var blob = new Payload.Blob("application/octet-stream", hash, result.length);
    worker.finish(worker.leases().getFirst(), new Outcome.Success(blob));
    assertThat(end.get(10, TimeUnit.SECONDS).outcome()).contains(new Outcome.Success(blob));
  }

  @Test
  default void anUploadWhoseContentIsNotItsHashIsNotKept() {
    byte[] result = random(300_000);
    Sha256 other = Sha256.of(random(10));
    ScriptedWorker worker = scene().open("liar", 0, ScriptedWorker.LATER);
    upload(worker, other, result);
    await().until(() -> !worker.heard(Frame.Missing.class).isEmpty());
    assertThat(scene().node.blobs().has(other)).isFalse();
  }

  @Test
  default void anUploadOverTheResultLimitIsNotKept() {
    ScriptedWorker worker = scene().open("huge", 0, ScriptedWorker.LATER);
    Sha256 hash = Sha256.of(random(10));
    worker.send(new Frame.Upload(hash, 0, RESULT_LIMIT + 1, random(10)));
    await().until(() -> worker.heard(Frame.Missing.class).equals(List.of(new Frame.Missing(hash))));
  }

  @Test
  default void aResultThatWasNeverUploadedIsABadResult() throws Exception {
    Sha256 hash = Sha256.of(random(10));
    scene()
        .open(
            "liar",
            1,
            lease -> Optional.of(new Outcome.Success(new Payload.Blob("text/plain", hash, 100))));
    assertThat(code(scene().run(Payload.EMPTY))).isEqualTo(FailureCode.BAD_RESULT);
  }

  @Test
  default void aLargeResultInsideAnOutcomeIsABadResult() throws Exception {
    var large = new Payload.Inline("text/plain", random(Payload.INLINE_LIMIT + 1));
    scene().open("lazy", 1, lease -> Optional.of(new Outcome.Success(large)));
    assertThat(code(scene().run(Payload.EMPTY))).isEqualTo(FailureCode.BAD_RESULT);
  }
}
