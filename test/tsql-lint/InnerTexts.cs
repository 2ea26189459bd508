using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Storedb.TsqlLint;

/// <summary>
/// Collects statements that a batch executes as a text, EXEC('...') and sp_executesql N'...', where the whole text is
/// written out. A text that is put together at run time cannot be checked before it runs.
/// </summary>
internal sealed class InnerTexts : TSqlFragmentVisitor
{
    public List<(TSqlFragment At, string Sql)> Found { get; } = [];

    public override void Visit(ExecutableStringList node)
    {
        if (node.Strings.All(part => part is StringLiteral))
            Found.Add((node, string.Concat(node.Strings.Cast<StringLiteral>().Select(part => part.Value))));
    }

    public override void Visit(ExecutableProcedureReference node)
    {
        var name = node.ProcedureReference?.ProcedureReference?.Name?.BaseIdentifier.Value;
        if (string.Equals(name, "sp_executesql", StringComparison.OrdinalIgnoreCase)
            && node.Parameters.FirstOrDefault()?.ParameterValue is StringLiteral text)
            Found.Add((text, text.Value));
    }
}
