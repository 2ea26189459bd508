// Runs every check of Microsoft.Data.SqlClient on the server of the arguments: host, port, user, and the certificate's
// file for Strict; the password comes in STOREDB_CHECK_PASSWORD. Writes a line of JSON for each check.
// Exit code: 0 all hold, 1 one does not, 2 the arguments are not what they should be.

using System.Diagnostics;
using System.Text.Json;
using Storedb.SqlClientCheck;

if (args.Length != 4 || Environment.GetEnvironmentVariable("STOREDB_CHECK_PASSWORD") is not { } password)
{
    Console.Error.WriteLine("usage: sqlclient HOST PORT USER CERTIFICATE, with STOREDB_CHECK_PASSWORD");
    return 2;
}

var server = new Server(args[0], args[1], args[2], password, args[3]);
var isSound = true;
var wanted = Environment.GetEnvironmentVariable("STOREDB_CHECK_ONLY") ?? "";
foreach (var (name, body) in Logins.Checks.Concat(Requests.Checks).Concat(Loads.Checks).Where(check => check.Item1.Contains(wanted)))
{
    var watch = Stopwatch.StartNew();
    string? problem = null;
    try
    {
        // A check that hangs is a finding too.
        await body(server).WaitAsync(TimeSpan.FromSeconds(30));
    }
    catch (Exception failure)
    {
        problem = Environment.GetEnvironmentVariable("STOREDB_CHECK_TRACE") is null ? $"{failure.GetType().Name}: {failure.Message}" : failure.ToString();
    }
    isSound &= problem is null;
    Console.WriteLine(JsonSerializer.Serialize(new { name, problem, milliseconds = watch.ElapsedMilliseconds }));
}
return isSound ? 0 : 1;
