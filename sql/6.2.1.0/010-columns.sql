-- What registers need to show and take over a shift or a suspended sale of another register.

ALTER TABLE dbo.[RETAILPOSBATCHSTAGINGTABLE] ADD
  [STATUS] int NULL,
  [STAFFID] nvarchar(25) NULL,
  [STARTDATE] datetime NULL,
  [STARTTIME] int NULL,
  [CURRENTTERMINALID] nvarchar(20) NULL,
  [DATAAREAID] nvarchar(4) NULL,
  [RECEIPTCOUNT] int NULL,
  [STARTINGAMOUNT] numeric(32,16) NULL;
GO

ALTER TABLE dbo.[RETAILSUSPENDEDTRANSACTIONS] ADD
  [RECEIPTID] nvarchar(18) NULL,
  [ENTRYSTATUS] int NULL;
GO
