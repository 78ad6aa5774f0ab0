using System.Text.RegularExpressions;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads the kinds that call something which is no script: http, sql, job, activity.</summary>
sealed partial class CallReader(ReadingContext context)
{
    static readonly string[] _methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    ProblemList Problems => context.Problems;

    public HttpStep ReadHttp(ObjectReader step)
    {
        if (step.Object("http") is not { } http)
            return new HttpStep { Method = "GET", Url = "" };
        CheckTexts(http, "headers");
        foreach (var header in http.Members("secretHeaders"))
            SecretReader.CheckHeader(header, context.Known, Problems);
        context.Known.Check(http.Value("body"));
        context.Known.CheckAll(http.Value("json"));
        if (http.Value("body") is { } body && http.Value("json") is not null)
            Problems.Add(body, JobCodes.NotForThisKind, "A request has one body.", "Keep 'body' or 'json'.");
        var read = new HttpStep
        {
            Method = http.OneOf("method", _methods) ?? "GET",
            Url = ReadUrl(http),
            Headers = http.StringMap("headers"),
            SecretHeaders = http.StringMap("secretHeaders"),
            Body = http.String("body"),
            JsonBody = http.Value("json")?.ToJson(),
            Expect = ReadExpectation(http),
            Outputs = ReadPointers(http, "outputs"),
            Redirects = Enum.Parse<HttpRedirects>(http.OneOf("redirects", "none", "sameOrigin", "any") ?? "none", ignoreCase: true),
            BytesMax = http.Int("maxBytes", 1, 8 * 1024 * 1024) ?? JobDefaults.HttpBytesMax,
            CaFile = http.String("caFile"),
        };
        http.Close();
        return read;
    }

    string ReadUrl(ObjectReader http)
    {
        var url = http.RequiredString("url") ?? "";
        context.Known.Check(http.Value("url"));
        // What a reference will bring is looked at when the request is made.
        var sample = ReferenceText.Resolve(url, _ => "x");
        if (url.Length > 0 && !url.StartsWith("${", StringComparison.Ordinal)
            && !(Uri.TryCreate(sample, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            Problems.Add(
                http.Value("url")!, ReadingCodes.OutOfRange, $"'{url}' is no http or https address.",
                "Write one such as https://host.example/path.");
        return url;
    }

    HttpExpectation ReadExpectation(ObjectReader http)
    {
        if (http.Object("expect") is not { } expect)
            return new HttpExpectation();
        var status = new List<string>();
        foreach (var node in expect.OneOrMany("status"))
        {
            if (StatusPattern().IsMatch(node.Text) && node.Kind is NodeKind.Number or NodeKind.String)
                status.Add(node.Text);
            else
                Problems.Add(node, ReadingCodes.OutOfRange, $"Expected a status, found {node.Describe()}.", """Write 204 or "2xx".""");
        }

        CheckTexts(expect, "headers");
        foreach (var node in expect.OneOrMany("contains"))
            context.Known.Check(node);
        var json = ReadPointers(expect, "json");
        foreach (var member in expect.Members("json"))
            context.Known.Check(member.Value);
        var read = new HttpExpectation
        {
            Status = status.Count == 0 ? ["2xx"] : status,
            Headers = expect.StringMap("headers"),
            Contains = [.. expect.OneOrMany("contains").Where(n => n.Kind == NodeKind.String).Select(n => n.Text)],
            Json = json,
        };
        expect.Close();
        return read;
    }

    /// <summary>A map one side of which is JSON pointers: the names under "json", the values under "outputs".</summary>
    Dictionary<string, string> ReadPointers(ObjectReader reader, string member)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in reader.Members(member))
        {
            var pointer = member == "json" ? entry.Name : entry.Value.Text;
            if (entry.Value.Kind is NodeKind.Object or NodeKind.Array or NodeKind.Null)
                Problems.Add(
                    entry.Value, ReadingCodes.WrongType, $"Expected a text, found {entry.Value.Describe()}.", "Put it in double quotes.");
            else if (pointer.Length > 0 && pointer[0] != '/')
                Problems.Add(
                    member == "json" ? entry.NamePosition : entry.Value.Position, ReadingCodes.BadName, entry.Value.Path,
                    $"'{pointer}' is no JSON pointer.",
                    "Begin each part with '/', such as /status or /items/0/name.");
            if (member == "outputs")
                CheckName(entry);
            map[entry.Name] = entry.Value.Text;
        }

        return map;
    }

    public SqlStep ReadSql(ObjectReader step)
    {
        if (step.Object("sql") is not { } sql)
            return new SqlStep { Connection = "" };
        CheckTexts(sql, "values");
        foreach (var value in sql.Members("values"))
            CheckName(value);
        var (query, file) = (sql.String("query"), sql.String("file"));
        if (query is null == file is null && sql.Value("query")?.Text != "")
            Problems.Add(
                sql.Node, JobCodes.NoKind, "An sql step has either a query or a file.",
                """Write "query": "select …" or "file": "check.sql".""");
        if (sql.Value("query") is { } text && text.Text.Contains("${", StringComparison.Ordinal))
            Problems.Add(
                text, JobCodes.ReferenceInStatement, "References are never put into the text of a statement.",
                "Write @name there and give its value under \"values\": { \"name\": \"${…}\" }.");
        if (file is not null)
            FileCheck.Check(context, sql.Value("file")!, file);
        var read = new SqlStep
        {
            Connection = ReadConnection(sql),
            Query = query,
            File = file,
            Values = sql.StringMap("values"),
            ReadOnly = sql.Bool("readOnly") ?? false,
            Expect = ReadSqlExpectation(sql),
            Outputs = sql.Strings("outputs"),
            RowsMax = sql.Int("maxRows", 1, 100_000) ?? JobDefaults.SqlRowsMax,
        };
        sql.Close();
        return read;
    }

    string ReadConnection(ObjectReader sql)
    {
        if (sql.RequiredString("connection") is not { } connection || sql.Value("connection") is not { } node)
            return "";
        if (context.Connections.TryGetValue(connection, out var named))
            return named;
        if (ReferenceText.NamePattern().IsMatch(connection))
            Problems.Add(
                node, JobCodes.UnknownReference, $"There is no connection '{connection}'.",
                NearestName.Suggest(connection, [.. context.Connections.Keys]) is { Length: > 0 } near
                    ? near
                    : """Add "connections": { "orders": "env:ORDERS_DB" } to the job.""");
        else
            SecretReader.Check(node, context.Known, Problems, "The connection");
        return connection;
    }

    SqlExpectation ReadSqlExpectation(ObjectReader sql)
    {
        if (sql.Object("expect") is not { } expect)
            return new SqlExpectation();
        CheckTexts(expect, "values");
        var read = new SqlExpectation
        {
            Rows = ReadRange(expect, "rows"), Affected = ReadRange(expect, "affected"), Values = expect.StringMap("values"),
        };
        expect.Close();
        return read;
    }

    static CountRange? ReadRange(ObjectReader expect, string member)
    {
        if (expect.Value(member) is { Kind: NodeKind.Object })
        {
            var range = expect.Object(member)!;
            var read = new CountRange(range.Int("min", 0) ?? 0, range.Int("max", 0));
            range.Close();
            return read;
        }

        return expect.Int(member, 0) is { } exact ? new CountRange(exact, exact) : null;
    }

    public ChildJobStep ReadJob(ObjectReader step)
    {
        if (step.Value("job") is { Kind: NodeKind.String } name)
            return Child(step.RequiredString("job") ?? "", "{}", name);
        if (step.Object("job") is not { } job)
            return new ChildJobStep { Job = "" };
        var input = ReadInput(job);
        var read = Child(job.RequiredString("name") ?? "", input ?? "{}", job.Value("name"));
        job.Close();
        return read;
    }

    ChildJobStep Child(string job, string input, Node? node)
    {
        if (job == context.Job && node is not null)
            Problems.Add(node, JobCodes.UnknownJob, "A job that starts itself never ends.", "Name another job.");
        return new ChildJobStep { Job = job, InputJson = input };
    }

    public ActivityStep ReadActivity(ObjectReader step)
    {
        if (step.Value("activity") is { Kind: NodeKind.String })
            return new ActivityStep { Activity = step.RequiredString("activity") ?? "" };
        if (step.Object("activity") is not { } activity)
            return new ActivityStep { Activity = "" };
        var read = new ActivityStep { Activity = activity.RequiredString("name") ?? "", InputJson = ReadInput(activity) };
        activity.Close();
        return read;
    }

    string? ReadInput(ObjectReader reader)
    {
        if (reader.Value("input") is not { } input)
            return null;
        if (input.Kind != NodeKind.Object)
            Problems.Add(input, ReadingCodes.WrongType, $"Expected an object, found {input.Describe()}.", "Write { … } here.");
        context.Known.CheckAll(input);
        return input.ToJson();
    }

    void CheckTexts(ObjectReader reader, string member)
    {
        foreach (var entry in reader.Members(member))
            context.Known.Check(entry.Value);
    }

    void CheckName(NodeMember entry)
    {
        if (!ReferenceText.NamePattern().IsMatch(entry.Name))
            Problems.Add(
                entry.NamePosition, ReadingCodes.BadName, entry.Value.Path, $"'{entry.Name}' is no name.",
                "Use letters, digits, '_' and '-', and begin with a letter.");
    }

    [GeneratedRegex("^[1-5]([0-9][0-9]|xx)$")]
    private static partial Regex StatusPattern();
}
