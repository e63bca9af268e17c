package dev.fanfare.schema;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.classfile.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The types of Java itself, and of Jackson's tree, that have a JSON form. */
final class KnownTypes {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Map<String, ObjectNode> SCALARS =
      table(
          """
          boolean                  {"type":"boolean"}
          byte                     {"type":"integer","minimum":-128,"maximum":127}
          short                    {"type":"integer","minimum":-32768,"maximum":32767}
          int                      {"type":"integer","format":"int32","minimum":-2147483648,"maximum":2147483647}
          long                     {"type":"integer","format":"int64","minimum":-9223372036854775808,"maximum":9223372036854775807}
          float                    {"type":"number","format":"float"}
          double                   {"type":"number","format":"double"}
          char                     {"type":"string","minLength":1,"maxLength":1}
          java.lang.Number         {"type":"number"}
          java.lang.String         {"type":"string"}
          java.lang.CharSequence   {"type":"string"}
          java.math.BigInteger     {"type":"integer"}
          java.math.BigDecimal     {"type":"number"}
          java.util.UUID           {"type":"string","format":"uuid"}
          java.util.Locale         {"type":"string"}
          java.util.Currency       {"type":"string","minLength":3,"maxLength":3}
          java.util.Date           {"type":"string","format":"date-time"}
          java.util.regex.Pattern  {"type":"string","format":"regex"}
          java.net.URI             {"type":"string","format":"uri-reference"}
          java.net.URL             {"type":"string","format":"uri"}
          java.time.Instant        {"type":"string","format":"date-time"}
          java.time.OffsetDateTime {"type":"string","format":"date-time"}
          java.time.ZonedDateTime  {"type":"string","format":"date-time"}
          java.time.LocalDateTime  {"type":"string","format":"date-time-local"}
          java.time.LocalDate      {"type":"string","format":"date"}
          java.time.LocalTime      {"type":"string","format":"time-local"}
          java.time.OffsetTime     {"type":"string","format":"time"}
          java.time.Duration       {"type":"string","format":"duration"}
          java.time.Period         {"type":"string","format":"duration"}
          java.time.Year           {"type":"integer"}
          java.time.YearMonth      {"type":"string"}
          java.time.MonthDay       {"type":"string"}
          java.time.ZoneId         {"type":"string"}
          java.time.ZoneOffset     {"type":"string"}
          java.time.DayOfWeek      {"type":"string","enum":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY","SUNDAY"]}
          java.time.Month          {"type":"string","enum":["JANUARY","FEBRUARY","MARCH","APRIL","MAY","JUNE","JULY","AUGUST","SEPTEMBER","OCTOBER","NOVEMBER","DECEMBER"]}
          """);

  private static final Map<String, ObjectNode> TREES =
      table(
          """
          java.lang.Object                                {}
          com.fasterxml.jackson.databind.JsonNode         {}
          com.fasterxml.jackson.databind.node.ObjectNode  {"type":"object"}
          com.fasterxml.jackson.databind.node.ArrayNode   {"type":"array"}
          dev.fanfare.function.Channel                    {"type":"object","required":["$channel"],"properties":{"$channel":{"type":"integer"}}}
          """);

  private static final Map<String, String> BOXES =
      Map.of(
          "java.lang.Boolean", "boolean",
          "java.lang.Byte", "byte",
          "java.lang.Short", "short",
          "java.lang.Integer", "int",
          "java.lang.Long", "long",
          "java.lang.Float", "float",
          "java.lang.Double", "double",
          "java.lang.Character", "char");

  private static final Map<String, String> PRIMITIVE_OPTIONALS =
      Map.of(
          "java.util.OptionalInt", "int",
          "java.util.OptionalLong", "long",
          "java.util.OptionalDouble", "double");

  private static final Map<Character, String> PRIMITIVES =
      Map.of(
          'Z', "boolean", 'B', "byte", 'S', "short", 'I', "int", 'J', "long", 'F', "float", 'D',
          "double", 'C', "char");

  private static final Set<String> LISTS =
      names(
          "java.util.",
          "Collection List SequencedCollection Queue Deque ArrayList LinkedList ArrayDeque Vector"
              + " PriorityQueue");
  private static final Set<String> SETS =
      names(
          "java.util.",
          "Set SortedSet NavigableSet SequencedSet HashSet LinkedHashSet TreeSet EnumSet");
  private static final Set<String> MAPS =
      names(
          "java.util.",
          "Map SortedMap NavigableMap SequencedMap HashMap LinkedHashMap TreeMap EnumMap Hashtable "
              + "concurrent.ConcurrentMap concurrent.ConcurrentHashMap");

  private KnownTypes() {}

  /** What a name means to JSON besides the scalars. */
  enum Container {
    LIST,
    SET,
    MAP,
    OPTIONAL
  }

  /** The schema of a primitive type, by its descriptor's letter; empty for {@code void}. */
  static Optional<ObjectNode> primitive(char letter) {
    return Optional.ofNullable(PRIMITIVES.get(letter)).flatMap(KnownTypes::scalar);
  }

  /** The schema of numbers, texts, times and the like. */
  static Optional<ObjectNode> scalar(String name) {
    return Optional.ofNullable(SCALARS.get(BOXES.getOrDefault(name, name)))
        .map(ObjectNode::deepCopy);
  }

  /** The schema of what an {@code OptionalInt} and its like hold. */
  static Optional<ObjectNode> primitiveOptional(String name) {
    return Optional.ofNullable(PRIMITIVE_OPTIONALS.get(name)).flatMap(KnownTypes::scalar);
  }

  /** The schema of any JSON at all, any object, any array. */
  static Optional<ObjectNode> tree(String name) {
    return Optional.ofNullable(TREES.get(name)).map(ObjectNode::deepCopy);
  }

  static Optional<Container> container(String name) {
    if (LISTS.contains(name)) {
      return Optional.of(Container.LIST);
    }
    if (SETS.contains(name)) {
      return Optional.of(Container.SET);
    }
    if (MAPS.contains(name)) {
      return Optional.of(Container.MAP);
    }
    return name.equals("java.util.Optional") ? Optional.of(Container.OPTIONAL) : Optional.empty();
  }

  /** Whether the type is one of Jackson's trees. */
  static boolean jackson(Signature type) {
    return type instanceof Signature.ClassTypeSig named
        && Generics.binaryName(named).startsWith("com.fasterxml.jackson.databind.");
  }

  /** Whether the type belongs to Java itself, so that no jar brings it. */
  static boolean ofPlatform(String name) {
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("com.sun.");
  }

  private static Set<String> names(String prefix, String names) {
    return Set.copyOf(Arrays.stream(names.split(" ")).map(prefix::concat).toList());
  }

  private static Map<String, ObjectNode> table(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" +", 2))
        .collect(toMap(c -> c[0], c -> json(c[1])));
  }

  private static ObjectNode json(String text) {
    try {
      return JSON.readValue(text, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the table holds no JSON: " + text, e);
    }
  }
}
