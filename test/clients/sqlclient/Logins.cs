using Microsoft.Data.SqlClient;

namespace Storedb.SqlClientCheck;

internal static class Logins
{
    public static IEnumerable<(string, Func<Server, Task>)> Checks =>
    [
        ("logs in with Encrypt=Optional", server => LogIn(server, SqlConnectionEncryptOption.Optional)),
        ("logs in with Encrypt=Mandatory", server => LogIn(server, SqlConnectionEncryptOption.Mandatory)),
        ("logs in with Encrypt=Strict (TDS 8.0)", async server =>
        {
            var settings = server.Settings(SqlConnectionEncryptOption.Strict);
            settings.ServerCertificate = server.Certificate;
            await LogIn(server, settings);
        }),
        ("does not trust an unknown certificate", async server =>
        {
            var settings = server.Settings();
            settings.TrustServerCertificate = false;
            try
            {
                await using var connection = await server.Open(settings);
            }
            catch (SqlException)
            {
                return;
            }
            throw new CheckFailed("the login went through");
        }),
        ("is refused with a wrong password", async server =>
        {
            var settings = server.Settings();
            settings.Password = "wrong";
            var error = await Check.Fails(18456, async () => await server.Open(settings));
            Check.Equal(14, (int)error.Class);
        }),
        ("is refused for an unknown database", async server =>
        {
            var settings = server.Settings();
            settings.InitialCatalog = "nowhere";
            await Check.Fails(4060, async () => await server.Open(settings));
        }),
        ("resets a pooled connection", async server =>
        {
            var settings = server.Settings();
            settings.MaxPoolSize = 1;
            settings.ApplicationName = "pooled";
            await using (var connection = await server.Open(settings))
            {
                await connection.Run("create table #kept(a int); use tempdb; set lock_timeout 77");
            }
            await using (var connection = await server.Open(settings))
            {
                Check.Equal("master", await connection.Scalar("select db_name()"));
                Check.Equal(DBNull.Value, await connection.Scalar("select object_id('tempdb..#kept')"));
                Check.Equal(-1, await connection.Scalar("select @@lock_timeout"));
            }
            SqlConnection.ClearAllPools();
        }),
        ("says what it is", async server =>
        {
            await using var connection = await server.Open();
            Check.Equal("11.00.2100", connection.ServerVersion);
            Check.Equal(true, ((string)(await connection.Scalar("select @@version"))!).Contains("not SQL Server"));
        }),
    ];

    private static Task LogIn(Server server, SqlConnectionEncryptOption encrypt) => LogIn(server, server.Settings(encrypt));

    private static async Task LogIn(Server server, SqlConnectionStringBuilder settings)
    {
        await using var connection = await server.Open(settings);
        Check.Equal(42, await connection.Scalar("select 42"));
        // More than one packet in either direction.
        var text = new string('ä', 50_000);
        await using var command = new SqlCommand("select @text", connection);
        command.Parameters.AddWithValue("@text", text);
        Check.Equal(text, await command.ExecuteScalarAsync());
    }
}
