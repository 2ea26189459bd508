using System.Data;
using System.Data.SqlTypes;
using Microsoft.Data.SqlClient;

namespace Storedb.SqlClientCheck;

internal static class Requests
{
    public static IEnumerable<(string, Func<Server, Task>)> Checks =>
    [
        ("sends parameters of each type and reads them back", Parameters),
        ("sends NULL of each type", Nulls),
        ("calls a procedure with output parameters and a return value", Procedure),
        ("prepares a command and runs it again", Prepared),
        ("reads several result sets, messages and counts", SeveralResults),
        ("tells errors with number, line and procedure, and goes on", Errors),
        ("commits and rolls back, with savepoints", Transactions),
        ("cancels a request that waits, and goes on", Cancel),
        ("gives up after its timeout, and goes on", Timeout),
        ("streams a large value both ways", Streams),
    ];

    private static readonly (SqlDbType Type, object Value)[] Values =
    [
        (SqlDbType.Bit, true),
        (SqlDbType.TinyInt, (byte)255),
        (SqlDbType.SmallInt, (short)-32768),
        (SqlDbType.Int, int.MinValue),
        (SqlDbType.BigInt, long.MaxValue),
        (SqlDbType.Real, 1.25f),
        (SqlDbType.Float, -1.5e300),
        (SqlDbType.Money, -922337203685477.5808m),
        (SqlDbType.SmallMoney, 214748.3647m),
        (SqlDbType.Decimal, -79228162514264.337593543950335m),
        (SqlDbType.NVarChar, "äöü€ 😀"),
        (SqlDbType.NChar, "x"),
        (SqlDbType.VarChar, "äöü€"),
        (SqlDbType.Char, "y"),
        (SqlDbType.NText, "long ä"),
        (SqlDbType.Text, "long ä"),
        (SqlDbType.Xml, ""),
        (SqlDbType.VarBinary, new byte[] { 0, 1, 255 }),
        (SqlDbType.Binary, new byte[] { 1, 2 }),
        (SqlDbType.Image, new byte[] { 3, 4 }),
        (SqlDbType.UniqueIdentifier, new Guid("6F9619FF-8B86-D011-B42D-00C04FC964FF")),
        (SqlDbType.DateTime, new DateTime(2020, 2, 29, 23, 59, 59, 997)),
        (SqlDbType.SmallDateTime, new DateTime(2020, 2, 29, 23, 59, 0)),
        (SqlDbType.Date, new DateTime(9999, 12, 31)),
        (SqlDbType.Time, new TimeSpan(23, 59, 59) + TimeSpan.FromTicks(1234567)),
        (SqlDbType.DateTime2, new DateTime(1, 1, 1).AddTicks(1234567)),
        (SqlDbType.DateTimeOffset, new DateTimeOffset(2020, 2, 29, 23, 59, 59, TimeSpan.FromMinutes(-90)).AddTicks(7)),
        (SqlDbType.Variant, 5),
        (SqlDbType.Variant, "text"),
    ];

    private static async Task Parameters(Server server)
    {
        await using var connection = await server.Open();
        foreach (var (type, value) in Values)
        {
            if (type == SqlDbType.Xml) continue;
            await using var command = new SqlCommand("select @value", connection);
            command.Parameters.Add(new SqlParameter("@value", type) { Value = value });
            Check.Equal(value, await command.ExecuteScalarAsync());
        }
        await using var wide = new SqlCommand("select @value, cast(@value as nvarchar(60))", connection);
        var numeric = SqlDecimal.Parse("-1234567890123456.7890123456789012");
        wide.Parameters.Add(new SqlParameter("@value", SqlDbType.Decimal) { Value = numeric, Precision = 32, Scale = 16 });
        await using var reader = await wide.ExecuteReaderAsync();
        Check.Equal(true, await reader.ReadAsync());
        Check.Equal(numeric, reader.GetSqlDecimal(0));
        Check.Equal("-1234567890123456.7890123456789012", reader.GetString(1));
    }

    private static async Task Nulls(Server server)
    {
        await using var connection = await server.Open();
        foreach (var (type, _) in Values)
        {
            if (type == SqlDbType.Xml) continue;
            await using var command = new SqlCommand("select @value", connection);
            command.Parameters.Add(new SqlParameter("@value", type) { Value = DBNull.Value });
            Check.Equal(DBNull.Value, await command.ExecuteScalarAsync());
        }
    }

    private static async Task Procedure(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create procedure dbo.client_twice @in int, @out int output, @text nvarchar(20) = N'none' output as begin select @in as a; set @out = @in * 2; set @text += N'!'; return 7 end");
        try
        {
            await using var command = new SqlCommand("dbo.client_twice", connection) { CommandType = CommandType.StoredProcedure };
            command.Parameters.AddWithValue("@in", 21);
            var output = command.Parameters.Add(new SqlParameter("@out", SqlDbType.Int) { Direction = ParameterDirection.Output });
            var text = command.Parameters.Add(new SqlParameter("@text", SqlDbType.NVarChar, 20) { Direction = ParameterDirection.InputOutput, Value = "yes" });
            var result = command.Parameters.Add(new SqlParameter("@result", SqlDbType.Int) { Direction = ParameterDirection.ReturnValue });
            Check.Equal(21, await command.ExecuteScalarAsync());
            Check.Equal(42, output.Value);
            Check.Equal("yes!", text.Value);
            Check.Equal(7, result.Value);
        }
        finally
        {
            await connection.Run("drop procedure dbo.client_twice");
        }
    }

    private static async Task Prepared(Server server)
    {
        await using var connection = await server.Open();
        await using var command = new SqlCommand("select @a + @b", connection);
        command.Parameters.Add("@a", SqlDbType.Int);
        command.Parameters.Add("@b", SqlDbType.Int);
        await command.PrepareAsync();
        for (var i = 0; i < 5; i++)
        {
            command.Parameters[0].Value = i;
            command.Parameters[1].Value = 10;
            Check.Equal(i + 10, await command.ExecuteScalarAsync());
        }
    }

    private static async Task SeveralResults(Server server)
    {
        await using var connection = await server.Open();
        var messages = new List<string>();
        connection.InfoMessage += (_, info) => messages.AddRange(info.Errors.Cast<SqlError>().Select(error => error.Message));
        await using var command = new SqlCommand(
            "declare @t table(a int); insert @t values (1), (2), (3); print 'half way'; select a from @t order by a; update @t set a += 1 where a > 1; select N'ä' as b, null as c where 1 = 0; select 1 as d, 2 as d",
            connection);
        var counted = 0;
        command.StatementCompleted += (_, completed) => counted += completed.RecordCount;
        // Read without async: where an answer arrives in two parts, SqlClient's async reading goes over the first part
        // again and tells of its statements twice.
        using (var reader = command.ExecuteReader())
        {
            for (var expected = 1; reader.Read(); expected++) Check.Equal(expected, reader.GetInt32(0));
            Check.Equal(true, reader.NextResult());
            Check.Equal(false, reader.HasRows);
            Check.Equal("c", reader.GetName(1));
            Check.Equal(true, reader.NextResult());
            Check.Equal(true, reader.Read());
            Check.Equal(2, reader.GetInt32(1));
            Check.Equal(false, reader.NextResult());
            Check.Equal(5, reader.RecordsAffected);
        }
        Check.Equal("half way", string.Join('|', messages));
        Check.Equal(3 + 3 + 2 + 0 + 1, counted);
    }

    private static async Task Errors(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create procedure dbo.client_fails as\nbegin\n  print 'before'\n  raiserror('no %s', 16, 3, 'way')\n  select 1 as after\nend");
        try
        {
            var error = await Check.Fails(50000, () => connection.Run("exec dbo.client_fails"));
            Check.Equal("no way", error.Errors[0].Message);
            Check.Equal(4, error.LineNumber);
            Check.Equal((byte)3, error.State);
            Check.Equal(true, error.Procedure.EndsWith("client_fails", StringComparison.Ordinal));
        }
        finally
        {
            await connection.Run("drop procedure dbo.client_fails");
        }
        await Check.Fails(208, () => connection.Run("select * from nowhere"));
        await Check.Fails(102, () => connection.Run("select ("));
        await Check.Fails(8134, () => connection.Scalar("select 1 / 0"));
        // Rows before the error arrive, then the error.
        await using (var command = new SqlCommand("select 1; select * from (values (1), (0)) as t(a) where 1 / a > 0", connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            Check.Equal(true, await reader.ReadAsync());
            await Check.Fails(8134, async () =>
            {
                await reader.NextResultAsync();
                while (await reader.ReadAsync()) { }
            });
        }
        Check.Equal(ConnectionState.Open, connection.State);
        Check.Equal(1, await connection.Scalar("select 1"));
    }

    private static async Task Transactions(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create table #t(a int)");
        await using (var transaction = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            await connection.Run("insert #t values (1)", transaction);
            await transaction.SaveAsync("half");
            await connection.Run("insert #t values (2)", transaction);
            await transaction.RollbackAsync("half");
            Check.Equal(1, await connection.Scalar("select @@trancount", transaction));
            await transaction.CommitAsync();
        }
        Check.Equal(1, await connection.Scalar("select count(*) from #t"));
        await using (var transaction = connection.BeginTransaction())
        {
            await connection.Run("delete #t", transaction);
            await transaction.RollbackAsync();
        }
        Check.Equal(1, await connection.Scalar("select count(*) from #t"));
        // The server ends the transaction itself: the client must notice.
        await using (var transaction = connection.BeginTransaction())
        {
            await Check.Fails(245, () => connection.Run("set xact_abort on; insert #t values ('x')", transaction));
            Check.Equal(null, transaction.Connection);
        }
        Check.Equal(0, await connection.Scalar("select @@trancount"));
    }

    private static async Task Cancel(Server server)
    {
        await using var connection = await server.Open();
        await using var command = new SqlCommand("waitfor delay '00:00:25'", connection);
        using var cancel = new CancellationTokenSource();
        var running = command.ExecuteNonQueryAsync(cancel.Token);
        await Running(server, connection.ServerProcessId);
        await cancel.CancelAsync();
        try
        {
            await running;
            throw new CheckFailed("the request was not cancelled");
        }
        catch (Exception end) when (end is SqlException or TaskCanceledException or OperationCanceledException)
        {
        }
        Check.Equal(1, await connection.Scalar("select 1"));
        // In the middle of a large answer.
        await using var large = new SqlCommand("select a.object_id from sys.all_objects a cross join sys.all_objects b cross join sys.all_objects c", connection);
        await using (var reader = await large.ExecuteReaderAsync())
        {
            for (var i = 0; i < 10; i++) Check.Equal(true, await reader.ReadAsync());
            large.Cancel();
        }
        Check.Equal(2, await connection.Scalar("select 2"));
    }

    /// <summary>Waits until another session sees that the request is under way.</summary>
    private static async Task Running(Server server, int session)
    {
        await using var other = await server.Open();
        while (!Equals(1, await other.Scalar($"select count(*) from sys.dm_exec_requests where session_id = {session}"))) await Task.Yield();
    }

    private static async Task Timeout(Server server)
    {
        await using var connection = await server.Open();
        await using var command = new SqlCommand("waitfor delay '00:00:25'", connection) { CommandTimeout = 1 };
        await Check.Fails(-2, command.ExecuteNonQueryAsync);
        Check.Equal(1, await connection.Scalar("select 1"));
    }

    private static async Task Streams(Server server)
    {
        await using var connection = await server.Open();
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        await using var command = new SqlCommand("select datalength(@data), @data", connection);
        command.Parameters.Add(new SqlParameter("@data", SqlDbType.VarBinary, -1) { Value = new MemoryStream(bytes) });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        Check.Equal(true, await reader.ReadAsync());
        Check.Equal((long)bytes.Length, reader.GetInt64(0));
        using var read = new MemoryStream();
        await reader.GetStream(1).CopyToAsync(read);
        Check.Equal(bytes, read.ToArray());
    }
}
