using Microsoft.Data.SqlClient;

namespace Storedb.SqlClientCheck;

/// <summary>The server under test and how to reach it.</summary>
internal sealed record Server(string Host, string Port, string User, string Password, string Certificate)
{
    public SqlConnectionStringBuilder Settings(SqlConnectionEncryptOption? encrypt = null) => new()
    {
        DataSource = $"tcp:{Host},{Port}",
        UserID = User,
        Password = Password,
        Encrypt = encrypt ?? SqlConnectionEncryptOption.Mandatory,
        TrustServerCertificate = encrypt != SqlConnectionEncryptOption.Strict,
        ConnectRetryCount = 0,
        ConnectTimeout = 10,
    };

    public async Task<SqlConnection> Open(SqlConnectionStringBuilder? settings = null)
    {
        var connection = new SqlConnection((settings ?? Settings()).ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}

internal sealed class CheckFailed(string message) : Exception(message);

internal static class Check
{
    public static void Equal(object? expected, object? actual)
    {
        var same = expected is byte[] bytes && actual is byte[] others ? bytes.SequenceEqual(others) : Equals(expected, actual);
        if (!same) throw new CheckFailed($"{Text(actual)} instead of {Text(expected)}");
    }

    public static async Task<SqlException> Fails(int number, Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (SqlException error) when (error.Number == number)
        {
            return error;
        }
        throw new CheckFailed($"no error {number}");
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => $"{value} ({value.GetType().Name})",
    };
}

internal static class SqlConnectionExtensions
{
    public static async Task<object?> Scalar(this SqlConnection connection, string sql, SqlTransaction? transaction = null)
    {
        await using var command = new SqlCommand(sql, connection, transaction);
        return await command.ExecuteScalarAsync();
    }

    public static async Task<int> Run(this SqlConnection connection, string sql, SqlTransaction? transaction = null)
    {
        await using var command = new SqlCommand(sql, connection, transaction);
        return await command.ExecuteNonQueryAsync();
    }
}
