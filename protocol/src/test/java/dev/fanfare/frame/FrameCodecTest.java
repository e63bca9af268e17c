package dev.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FrameCodecTest {
  @SuppressWarnings("unused") // named below
  static final List<Frame> FRAMES = Frames.ALL;

  @Test
  void everyKindOfFrameIsTried() {
    var kinds = Arrays.stream(Frame.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(Frames.ALL.stream().map(Frame::getClass).collect(Collectors.toSet()))
        .isEqualTo(kinds);
  }

  @ParameterizedTest
  @FieldSource("FRAMES")
  void aFrameSurvivesCbor(Frame frame) {
    byte[] bytes = FrameCodec.cbor(frame);
    byte[] padded = new byte[bytes.length + 10];
    System.arraycopy(bytes, 0, padded, 7, bytes.length);
    assertThat(FrameCodec.readCbor(padded, 7, bytes.length))
        .usingRecursiveComparison()
        .isEqualTo(frame);
  }

  @ParameterizedTest
  @FieldSource("FRAMES")
  void aFrameSurvivesJson(Frame frame) {
    byte[] bytes = FrameCodec.json(frame);
    assertThat(new String(bytes, UTF_8)).startsWith("{\"t\":\"").doesNotContain("\n");
    assertThat(FrameCodec.readJson(bytes)).usingRecursiveComparison().isEqualTo(frame);
  }

  @Test
  void halfACharacterIsReplacedInCbor() {
    String smileys = "\uD83D\uDE00".repeat(5_000);
    for (String whole : List.of("", "x", smileys, "x" + smileys)) {
      var frame = new Frame.Bye(whole + "\uD83D, \uDE00, \uD83D…" + whole + "\uD83D", false);
      byte[] bytes = FrameCodec.cbor(frame);
      assertThat(FrameCodec.readCbor(bytes, 0, bytes.length))
          .isEqualTo(new Frame.Bye(whole + "\uFFFD, \uFFFD, \uFFFD…" + whole + "\uFFFD", false));
    }
  }

  @Test
  void jsonIsReadable() {
    var held = List.of(new Frame.Held(new InvocationId(1, 2), 3));
    assertThat(new String(FrameCodec.json(new Frame.Revoke(held, "cancelled")), UTF_8))
        .isEqualTo(
            "{\"t\":\"revoke\",\"held\":[{\"id\":\"0000000000000g000000000002\",\"fence\":3}],"
                + "\"reason\":\"cancelled\"}");
  }

  @Test
  void fieldsMayComeInAnyOrderAndUnknownOnesAreSkipped() {
    byte[] json =
        "{\"new\":[{\"t\":1}],\"reason\":\"x\",\"t\":\"bye\",\"later\":{\"a\":[]},\"retry\":true}"
            .getBytes(UTF_8);
    assertThat(FrameCodec.readJson(json)).isEqualTo(new Frame.Bye("x", true));
  }

  @Test
  void aFrameOfAReleaseToComeIsUnknownWhateverIsInIt() {
    byte[] json =
        "{\"seq\":\"text\",\"held\":7,\"t\":\"dance\",\"lines\":{\"a\":[]}}".getBytes(UTF_8);
    assertThat(FrameCodec.readJson(json)).isEqualTo(new Frame.Unknown("dance"));
  }

  @Test
  void wordsOfAReleaseToComeInAFrameThatIsKnownDoNoHarm() {
    String id = "0000000000000g000000000002";
    var outcomes =
        (Frame.Outcomes)
            read(
                "{\"t\":\"outcomes\",\"seq\":1,\"ended\":[{\"id\":\""
                    + id
                    + "\",\"fence\":1,\"fault\":{\"code\":\"too-tired\"}}]}");
    assertThat(outcomes.settlements().getFirst().outcome())
        .isEqualTo(new Outcome.Failure(new Fault(FailureCode.USER_FAULT, "too-tired", "", "", 0)));
    var hello =
        (Frame.Hello)
            read(
                "{\"t\":\"hello\",\"version\":1,\"profile\":{\"id\":\"new\",\"slots\":1,"
                    + "\"isolation\":[\"process\",\"enclave\"]}}");
    assertThat(hello.profile().isolation()).containsExactly(Isolation.PROCESS);
  }

  private static Frame read(String json) {
    return FrameCodec.readJson(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @FieldSource("WRONG")
  void wrongFramesAreRefusedInWords(Wrong wrong) {
    assertThatThrownBy(() -> FrameCodec.readJson(wrong.json().getBytes(UTF_8)))
        .isInstanceOf(MalformedFrame.class)
        .hasMessageContaining(wrong.words());
  }

  record Wrong(String json, String words) {}

  @SuppressWarnings("unused") // named above
  static final List<Wrong> WRONG =
      List.of(
          new Wrong("", "a frame is a map"),
          new Wrong("[]", "a frame is a map"),
          new Wrong("{}", "a frame lacks 't'"),
          new Wrong("{\"t\":\"dance\"", "not a frame"),
          new Wrong("{\"t\":7}", "'t' is not text"),
          new Wrong("{\"t\":\"drain\"} {}", "bytes follow"),
          new Wrong("{\"t\":\"drain\"", "not a frame"),
          new Wrong("{\"t\":\"leases\"}", "the frame 'leases' lacks 'leases'"),
          new Wrong("{\"t\":\"leases\",\"leases\":[{}]}", "a lease lacks 'id'"),
          new Wrong("{\"t\":\"leases\",\"leases\":[7]}", "not a list of leases"),
          new Wrong("{\"t\":\"channels\"}", "the frame 'channels' lacks 'channels'"),
          new Wrong("{\"t\":\"channels\",\"channels\":[7]}", "not a list of channels' events"),
          new Wrong("{\"t\":\"channels\",\"channels\":[{}]}", "events of a channel lacks 'id'"),
          new Wrong(
              "{\"t\":\"channels\",\"channels\":[{\"id\":\"0000000000000g000000000002\","
                  + "\"fence\":1,\"events\":7}]}",
              "'events' is not bytes"),
          new Wrong("{\"t\":\"fetch\",\"hash\":\"zz\",\"offset\":0}", "SHA-256"),
          new Wrong("{\"t\":\"heartbeat\",\"at\":\"noon\"}", "not numeric"),
          new Wrong("{\"t\":\"credit\",\"free\":99999999999}", "out of range"));

  @Test
  void randomBytesAreRefusedWithoutHugeAllocation() {
    var random = new Random(20_260_101);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 4 && random.nextBoolean()) {
        // A map that names a kind, so that the reader gets further than the first byte.
        System.arraycopy(new byte[] {(byte) 0xBF, 0x61, 't'}, 0, bytes, 0, 3);
      }
      refusedOrRead(bytes);
    }
  }

  @Test
  void damagedFramesAreRefusedOrReadWithoutHugeAllocation() {
    var random = new Random(42);
    var samples = new ArrayList<byte[]>();
    Frames.ALL.forEach(frame -> samples.add(FrameCodec.cbor(frame)));
    Frames.ALL.forEach(frame -> samples.add(FrameCodec.json(frame)));
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      refusedOrRead(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
    }
  }

  @Test
  void claimedLengthsAreNotBelieved() {
    byte[][] claims = {
      {(byte) 0xBF, 0x61, 't', 0x7B, 0x7F, -1, -1, -1, -1, -1, -1, -1, 'a'},
      {(byte) 0xBF, 0x61, 't', 0x7A, 0x7F, -1, -1, -1, 'a'},
      {
        (byte) 0xBF,
        0x61,
        't',
        0x65,
        'c',
        'h',
        'u',
        'n',
        'k',
        0x65,
        'b',
        'y',
        't',
        'e',
        's',
        0x5A,
        0x7F,
        -1,
        -1,
        -1,
        0
      },
      {
        (byte) 0xBF,
        0x61,
        't',
        0x66,
        'l',
        'e',
        'a',
        's',
        'e',
        's',
        0x66,
        'l',
        'e',
        'a',
        's',
        'e',
        's',
        (byte) 0x9A,
        0x7F,
        -1,
        -1,
        -1
      },
    };
    for (byte[] claim : claims) {
      assertThatThrownBy(() -> FrameCodec.readCbor(claim, 0, claim.length))
          .isInstanceOf(MalformedFrame.class);
      refusedOrRead(claim);
    }
  }

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeAll
  static void classesAreLoadedBeforeAllocationIsCounted() {
    for (Frame frame : Frames.ALL) {
      byte[] cbor = FrameCodec.cbor(frame);
      FrameCodec.readCbor(cbor, 0, cbor.length);
      byte[] json = FrameCodec.json(frame);
      FrameCodec.readJson(json);
      assertThatThrownBy(() -> FrameCodec.readJson(cbor)).isInstanceOf(MalformedFrame.class);
      assertThatThrownBy(() -> FrameCodec.readCbor(json, 0, json.length))
          .isInstanceOf(MalformedFrame.class);
    }
  }

  private static void refusedOrRead(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      FrameCodec.readCbor(bytes, 0, bytes.length);
    } catch (MalformedFrame refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
    try {
      FrameCodec.readJson(bytes);
    } catch (MalformedFrame refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
  }
}
