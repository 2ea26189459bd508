using System.Data;
using System.Data.SqlTypes;
using Microsoft.Data.SqlClient;

namespace Storedb.SqlClientCheck;

internal static class Loads
{
    public static IEnumerable<(string, Func<Server, Task>)> Checks =>
    [
        ("loads rows of the shop's types with SqlBulkCopy", server => Load(server, "dbo.client_load")),
        ("loads a temporary table with SqlBulkCopy", server => Load(server, "#client_load")),
        ("keeps identities with KeepIdentity, and generates them without", Identities),
        ("leaves nothing of a load that breaks a key", Broken),
        ("rolls a load back with its transaction", RolledBack),
    ];

    private static DataTable Rows(int count)
    {
        var table = new DataTable();
        table.Columns.Add("ID", typeof(int));
        table.Columns.Add("RECID", typeof(long));
        table.Columns.Add("NAME", typeof(string));
        table.Columns.Add("AMOUNT", typeof(SqlDecimal));
        table.Columns.Add("AT", typeof(DateTime));
        table.Columns.Add("DATA", typeof(byte[]));
        table.Columns.Add("NOTE", typeof(string));
        for (var i = 0; i < count; i++)
        {
            table.Rows.Add(
                i,
                long.MaxValue - i,
                i % 3 == 0 ? DBNull.Value : $"näme {i}",
                i % 5 == 0 ? SqlDecimal.Null : SqlDecimal.Parse($"-{i}.0000000000000001"),
                i % 7 == 0 ? DBNull.Value : new DateTime(2020, 1, 1).AddSeconds(i),
                i % 11 == 0 ? DBNull.Value : BitConverter.GetBytes(i),
                i % 13 == 0 ? DBNull.Value : new string('ü', i % 5000));
        }
        return table;
    }

    private static async Task Load(Server server, string target)
    {
        const int count = 3000;
        await using var connection = await server.Open();
        await connection.Run($"create table {target}(ID int not null primary key, RECID bigint not null, NAME nvarchar(60) collate Latin1_General_CI_AS null, AMOUNT numeric(32,16) null, AT datetime null, DATA varbinary(20) null, NOTE nvarchar(max) null)");
        try
        {
            var rows = Rows(count);
            using (var copy = new SqlBulkCopy(connection) { DestinationTableName = target, BatchSize = 1000 })
            {
                foreach (DataColumn column in rows.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
                await copy.WriteToServerAsync(rows);
                Check.Equal(count, copy.RowsCopied);
            }
            await using var command = new SqlCommand($"select * from {target} order by ID", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var seen = 0;
            for (; await reader.ReadAsync(); seen++)
            {
                for (var i = 0; i < rows.Columns.Count; i++)
                {
                    var expected = rows.Rows[seen][i];
                    if (i == 3) Check.Equal(((SqlDecimal)expected).IsNull ? "Null" : ((SqlDecimal)expected).ToString(), reader.GetSqlDecimal(i).ToString());
                    else Check.Equal(expected, reader.GetValue(i));
                }
            }
            Check.Equal(count, seen);
        }
        finally
        {
            await connection.Run($"drop table {target}");
        }
    }

    private static async Task Identities(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create table #numbered(id int identity primary key, a int null default 5)");
        var rows = new DataTable();
        rows.Columns.Add("id", typeof(int));
        rows.Columns.Add("a", typeof(int));
        rows.Rows.Add(50, 1);
        rows.Rows.Add(60, DBNull.Value);
        using (var copy = new SqlBulkCopy(connection) { DestinationTableName = "#numbered" }) await copy.WriteToServerAsync(rows);
        using (var copy = new SqlBulkCopy(connection, SqlBulkCopyOptions.KeepIdentity | SqlBulkCopyOptions.KeepNulls | SqlBulkCopyOptions.CheckConstraints | SqlBulkCopyOptions.TableLock, null) { DestinationTableName = "#numbered" })
            await copy.WriteToServerAsync(rows);
        await connection.Run("insert #numbered(a) values (9)");
        await using var command = new SqlCommand("select id, a from #numbered order by id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        foreach (var (id, a) in new (int, object)[] { (1, 1), (2, 5), (50, 1), (60, DBNull.Value), (61, 9) })
        {
            Check.Equal(true, await reader.ReadAsync());
            Check.Equal(id, reader.GetInt32(0));
            Check.Equal(a, reader.GetValue(1));
        }
    }

    private static async Task Broken(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create table #keyed(a int primary key)");
        var rows = new DataTable();
        rows.Columns.Add("a", typeof(int));
        for (var i = 0; i < 5000; i++) rows.Rows.Add(i % 4000);
        using var copy = new SqlBulkCopy(connection) { DestinationTableName = "#keyed" };
        await Check.Fails(2627, () => copy.WriteToServerAsync(rows));
        Check.Equal(0, await connection.Scalar("select count(*) from #keyed"));
    }

    private static async Task RolledBack(Server server)
    {
        await using var connection = await server.Open();
        await connection.Run("create table #taken(a int)");
        var rows = new DataTable();
        rows.Columns.Add("a", typeof(int));
        rows.Rows.Add(1);
        await using (var transaction = connection.BeginTransaction())
        {
            using var copy = new SqlBulkCopy(connection, SqlBulkCopyOptions.Default, transaction) { DestinationTableName = "#taken" };
            await copy.WriteToServerAsync(rows);
            Check.Equal(1, await connection.Scalar("select count(*) from #taken", transaction));
            await transaction.RollbackAsync();
        }
        Check.Equal(0, await connection.Scalar("select count(*) from #taken"));
    }
}
