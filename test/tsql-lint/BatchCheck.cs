using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Storedb.TsqlLint;

/// <summary>A batch as it is sent; <c>Line</c> is where its first line stands in the file.</summary>
internal sealed record SentBatch(string File, int Line, string Sql, bool? QuotedIdentifier);

/// <summary>Something wrong at a place in the file. Number is the parser's own, or 0 for a name that is too new.</summary>
internal sealed record Finding(string File, int Line, int Column, int Number, string Message);

internal static class BatchCheck
{
    /// <summary>What is wrong with a batch in the eyes of SQL Server 2008 R2: its grammar, then its names.</summary>
    public static IEnumerable<Finding> Check(SentBatch batch)
    {
        var fragment = new TSql100Parser(batch.QuotedIdentifier ?? true)
            .Parse(new StringReader(batch.Sql), out var errors);
        foreach (var error in errors)
            yield return new(batch.File, batch.Line + error.Line - 1, error.Column, error.Number, error.Message);
        if (errors.Count > 0) yield break;

        // The parser knows GO itself, but the batches come without it: a second one means that the split went wrong.
        if (fragment is TSqlScript { Batches: { Count: > 1 } batches })
            yield return new(batch.File, batch.Line + batches[1].StartLine - 1, 1, 0, "GO stands inside a batch");

        var names = new NewerNames();
        fragment.Accept(names);
        foreach (var (at, message) in names.Found)
            yield return new(batch.File, batch.Line + at.StartLine - 1, at.StartColumn, 0, message);

        var texts = new InnerTexts();
        fragment.Accept(texts);
        foreach (var (at, sql) in texts.Found)
            foreach (var inner in Check(batch with { Line = batch.Line + at.StartLine - 1, Sql = sql }))
                yield return inner with { Message = $"in a text that is executed: {inner.Message}" };
    }
}
