// Reads batches as JSON lines on standard input, writes what is wrong with them as JSON lines on standard output.
// Exit code: 0 nothing is wrong, 1 something is, 2 the input is not what it should be.

using System.Text;
using System.Text.Json;
using Storedb.TsqlLint;

Console.InputEncoding = new UTF8Encoding(false);
Console.OutputEncoding = new UTF8Encoding(false);

var isClean = true;
var lines = 0;
while (Console.In.ReadLine() is { } line)
{
    lines++;
    if (line.Length == 0) continue;
    SentBatch? batch;
    try
    {
        batch = JsonSerializer.Deserialize<SentBatch>(line, JsonSerializerOptions.Web);
    }
    catch (JsonException problem)
    {
        Console.Error.WriteLine($"line {lines} of the input: {problem.Message}");
        return 2;
    }
    if (batch?.Sql is null || batch.File is null)
    {
        Console.Error.WriteLine($"line {lines} of the input has no file or no sql");
        return 2;
    }
    foreach (var finding in BatchCheck.Check(batch))
    {
        isClean = false;
        Console.Out.WriteLine(JsonSerializer.Serialize(finding, JsonSerializerOptions.Web));
    }
}
return isClean ? 0 : 1;
